import { resolve } from 'node:path'
import { invalidArgument, shown } from '@posttrain/core'
import { fileIdentity, type LogSource } from '@posttrain/logs'
import { junitXml, type JUnitSuite } from './junit-xml.js'
import { reportFile } from './report-file.js'

/**
 * A file of JUnit XML that is written at the end and refused at the beginning, where it is a log that is read or the
 * report.
 *
 * @param sources what is read
 * @param report where the report is wanted, if one is
 * @returns how to write the suites, under a name for all of them
 * @throws PosttrainError as `reportFile`
 */
export function junitFile(
  file: string,
  sources: readonly LogSource[],
  report?: string,
): (name: string, suites: readonly JUnitSuite[]) => void {
  if (report !== undefined && isSame(file, report)) {
    throw invalidArgument(`--report and --junit are one file, ${shown(file)}`, 'choose another --junit')
  }
  const write = reportFile(file, sources, '--junit')
  return (name, suites) => write(junitXml(name, suites))
}

function isSame(file: string, other: string): boolean {
  const identity = fileIdentity(file)
  return resolve(file) === resolve(other) || (identity !== undefined && identity === fileIdentity(other))
}
