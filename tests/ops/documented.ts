/** The metrics and alarms that docs/operations.md documents, and those that alarms and dashboard use. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./stage.ts";

/** A documented metric. */
export interface Metric {
  /** The section of the document. */
  section: string;
  name: string;
  type: string;
  labels: string[];
}

/** An alarm, as the file of rules has it. */
export interface Alarm {
  name: string;
  expr: string;
  severity: string;
  runbook: string;
}

/** A dashboard, as far as the tests read it. */
export interface Dashboard {
  panels: Panel[];
}

/** One panel of it. */
export interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { h: number; w: number; x: number; y: number };
  targets?: { expr: string; datasource: { uid: string } }[];
}

const read = (path: string): Promise<string> => readFile(join(ROOT, path), "utf8");

/** The document. */
export const operations = (): Promise<string> => read("docs/operations.md");

/** The metrics of its tables, which have five columns and begin with a name. */
export async function metrics(): Promise<Metric[]> {
  const found: Metric[] = [];
  let section = "";
  for (const line of (await operations()).split("\n")) {
    section = /^#{2,3} (.*)$/.exec(line)?.[1] ?? section;
    const row = /^\| `(pensum_\w+)` \| (\w+) \|([^|]*)\|[^|]*\|[^|]*\|$/.exec(line);
    if (row) found.push({ section, name: row[1]!, type: row[2]!, labels: [...row[3]!.matchAll(/`(\w+)`/g)].map(([, label]) => label!) });
  }
  return found;
}

/** The SDK's metrics that it names. */
export async function sdkMetrics(): Promise<string[]> {
  const section = (await operations()).split("### From the SDK")[1]!.split("\n## ")[0]!;
  return [...section.matchAll(/`(substrate_\w+)`/g)].map(([, name]) => name!);
}

/** The alarms with a paragraph, and whether it says that it pages. */
export async function paragraphs(): Promise<{ name: string; severity: string; text: string }[]> {
  const sections = (await operations()).split("\n#### ").slice(1);
  return sections.map((section) => {
    const [name, ...lines] = section.split("\n");
    const text = lines.join("\n").split("\n### ")[0]!.trim();
    return { name: name!, severity: text.split(".")[0]!.toLowerCase(), text };
  });
}

/** The alarms of the file of rules. It is written one key to a line, which is read here without a YAML parser. */
export async function alarms(): Promise<Alarm[]> {
  const rules = (await read("ops/prometheus/alerts.yml")).split(/^ {6}- alert: /m).slice(1);
  return rules.map((rule) => {
    const value = (pattern: RegExp): string => pattern.exec(rule)?.[1] ?? "";
    return {
      name: rule.split("\n")[0]!,
      expr: value(/^ +expr: '(.*)'$/m).replaceAll("''", "'"),
      severity: value(/severity: (\w+)/),
      runbook: value(/^ +runbook: (.*)$/m),
    };
  });
}

/** The dashboard. */
export async function dashboard(): Promise<Dashboard> {
  return JSON.parse(await read("ops/grafana/pensum.json")) as Dashboard;
}

/** The metrics of an expression of PromQL, each with the labels by which it is selected. */
export function used(expr: string): { name: string; labels: string[] }[] {
  return [...expr.matchAll(/\b((?:pensum|substrate)_\w+|up)\b(?:\{([^}]*)\})?/g)].map(([, name, selector = ""]) => ({
    name: name!,
    labels: [...selector.matchAll(/(\w+)\s*[=!]/g)].map(([, label]) => label!),
  }));
}

/** The name that a sample's name belongs to: histograms end in one of three ways. */
export const family = (name: string): string => name.replace(/_(bucket|sum|count)$/, "");
