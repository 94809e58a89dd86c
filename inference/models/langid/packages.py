"""The Debian packages that the text comes from: which, how they are fetched, what their licences are."""

import hashlib
import re
import subprocess
from pathlib import Path

MAN_LANGUAGES = "cs da de el es fi fr hu id it mk nb nl pl pt-br ro ru sr sv uk vi tr zh ja".split()
MAN_DEVELOPER = "de fr es it pl pt-br nl ru ja".split()

PACKAGES = sorted(
    ["manpages"]
    + [f"manpages-{code}" for code in MAN_LANGUAGES]
    + [f"manpages-{code}-dev" for code in MAN_DEVELOPER]
    + ["debian-faq"]
    + [f"debian-faq-{code}" for code in "de fr it ja nl ru zh-cn".split()]
    + """
    abiword-common aisleriot apt aptitude-common audacity-data baobab bash binutils-common brasero-common cheese-common
    coreutils debconf-i18n digikam-data dolphin dpkg eog epiphany-browser-data evince-common evolution-common
    file-roller five-or-more four-in-a-row freeciv-data gbrainy gcc-12-locales geary gedit-common gettext gimp-data git
    gnome-calculator gnome-chess gnome-clocks gnome-control-center-data gnome-klotski gnome-mahjongg gnome-maps
    gnome-mines gnome-music gnome-nibbles gnome-photos gnome-sudoku gnome-system-monitor gnome-terminal-data
    gnome-user-docs gnome-weather gnucash-common gnumeric-common gnupg-l10n gramps grisbi-common gthumb-data
    hexchat-common hitori homebank-data hugin-data iagno inkscape installation-guide-amd64 k3b-data kate5-data
    kdenlive-data konsole libglib2.0-data libgtk-3-common liferea-data lightsoff lyx-common minetest-data nautilus-data
    okular openttd-data passwd pidgin-data quadrapassel rhythmbox-data seahorse shotwell-common simple-scan
    skrooge-common swell-foop sylpheed-i18n synaptic tali totem-common tuxpaint-data vlc-l10n wget wesnoth-1.16-data
    """.split()
)

WANTED_FOLDERS = ["usr/share/man", "usr/share/locale", "usr/share/help", "usr/share/doc", "usr/share/games/wesnoth"]


def fetch(work):
    """Downloads what is missing into `work/debs` with apt-get and unpacks it into `work/root`; installs nothing."""
    debs, root = work / "debs", work / "root"
    debs.mkdir(parents=True, exist_ok=True)
    present = {path.name.split("_")[0] for path in debs.glob("*.deb")}
    missing = [name for name in PACKAGES if name not in present]
    if missing:
        subprocess.run(["apt-get", "download", "-q", *missing], cwd=debs, check=True)
    if not (root / ".unpacked").exists():
        root.mkdir(exist_ok=True)
        for name, deb in archives(work).items():
            _unpack(deb, root)
        (root / ".unpacked").touch()


def archives(work):
    """Package name → its archive, for the packages named above."""
    found = {path.name.split("_")[0]: path for path in sorted((work / "debs").glob("*.deb"))}
    return {name: found[name] for name in PACKAGES}


def _unpack(deb, root):
    listing = subprocess.run(["dpkg-deb", "-c", deb], check=True, capture_output=True, text=True).stdout
    folders = [folder for folder in WANTED_FOLDERS if f" ./{folder}/" in listing]
    if not folders:
        return
    tar = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
    subprocess.run(["tar", "-C", root, "-xf", "-", *[f"./{folder}" for folder in folders]], stdin=tar.stdout, check=True)
    tar.stdout.close()
    if tar.wait() != 0:
        raise RuntimeError(f"{deb.name} could not be unpacked: delete it and run again")


def provenance(work):
    """Every package: name, version, digest of the archive, licence names read from its own copyright file."""
    entries = []
    for name, deb in archives(work).items():
        version = subprocess.run(
            ["dpkg-deb", "-f", deb, "Version"], check=True, capture_output=True, text=True
        ).stdout.strip()
        entries.append({
            "package": name,
            "version": version,
            "sha256": hashlib.sha256(deb.read_bytes()).hexdigest(),
            "licence": licences(work / "root", name),
        })
    return entries


# Which packages make a data set of the manifest, and the terms their texts mostly come under.
DATA_SETS = [
    (
        "Manual pages and their translations", r"manpages",
        "GPL-3.0-or-later AND Linux-man-pages-copyleft AND GFDL-1.2-or-later",
    ),
    ("Debian FAQ", r"debian-faq", "LicenseRef-Debian-FAQ"),
    ("Debian installation guide", r"installation-guide", "GPL-2.0-only"),
    ("GNOME user documentation", r"gnome-user-docs", "CC-BY-SA-3.0"),
    ("Battle for Wesnoth translations (for testing only)", r"wesnoth", "GPL-2.0-or-later"),
    (
        "Messages and help of free programs", r"",
        "GPL-2.0-or-later AND GPL-3.0-or-later AND LGPL-2.1-or-later AND CC-BY-SA-3.0",
    ),
]


def data_sets(entries):
    """The packages grouped as the manifest names them; a digest covers names, versions and archives of a group."""
    rest, groups = list(entries), []
    for name, pattern, licence in DATA_SETS:
        own = [entry for entry in rest if re.match(pattern, entry["package"])]
        rest = [entry for entry in rest if entry not in own]
        listing = "".join(f"{entry['package']} {entry['version']} {entry['sha256']}\n" for entry in own)
        groups.append({
            "name": name,
            "version": "Debian 12",
            "digest": "0x" + hashlib.blake2b(listing.encode(), digest_size=32).hexdigest(),
            "licence": licence,
            "source": f"{len(own)} Debian packages: see sources.json",
        })
    return groups


def licences(root, name):
    """The short licence names of a package's copyright file, in order of appearance."""
    path = Path(root, "usr/share/doc", name, "copyright")
    if not path.exists():
        return "see the copyright file of the package"
    text = path.read_text(encoding="utf-8", errors="replace")
    names = [found.strip().rstrip(",") for found in re.findall(r"^License:[ \t]*(\S[^\n]*)$", text, re.MULTILINE)]
    if not names:
        names = re.findall(r"common-licenses/([A-Za-z][A-Za-z0-9.+-]*[A-Za-z0-9+])", text)
    seen = list(dict.fromkeys(names))
    return "; ".join(seen[:12]) if seen else "stated in prose in the copyright file of the package"
