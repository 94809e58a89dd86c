/** Reads Prometheus' text format. */

/** One value. */
export interface Sample {
  name: string;
  labels: { [label: string]: string };
  value: number;
}

/** What a program exports. */
export interface Scrape {
  /** The type of each metric. */
  types: Map<string, string>;
  samples: Sample[];
}

/** Asks a program. */
export async function scrape(port: number): Promise<Scrape> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  if (!response.ok) throw new Error(`/metrics at port ${port} answers ${response.status}`);
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of (await response.text()).split("\n")) {
    const [, name, type] = /^# TYPE (\w+) (\w+)$/.exec(line) ?? [];
    if (name && type) types.set(name, type);
    const [, sample, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (sample && value) {
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, content]) => [label, content] as const);
      samples.push({ name: sample, labels: Object.fromEntries(pairs) as Sample["labels"], value: value === "+Inf" ? Infinity : Number(value) });
    }
  }
  return { types, samples };
}

/** The sum of a metric's values with these labels; none where there is no such sample. */
export function value({ samples }: Scrape, name: string, labels: Sample["labels"] = {}): number | undefined {
  const fits = samples.filter((sample) => sample.name === name && Object.entries(labels).every(([label, content]) => sample.labels[label] === content));
  return fits.length > 0 ? fits.reduce((sum, sample) => sum + sample.value, 0) : undefined;
}
