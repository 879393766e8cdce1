#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `bench [--quick] [--only TEXT]`: one table, each case beside a hand-written floor where it has
/// one. `bench --worst [--each]`: how long the default budget lasts for the worst expressions.
let arguments = Array(CommandLine.arguments.dropFirst())
let only = arguments.firstIndex(of: "--only").flatMap {
  $0 + 1 < arguments.count ? arguments[$0 + 1] : nil
}
var harness = Harness(rounds: arguments.contains("--quick") ? 3 : 15, only: only)
if arguments.contains("--worst") {
  try harness.measureWorstCases(each: arguments.contains("--each"))
} else {
  try harness.measureAll()
}
for failure in harness.failures { print("failed: \(failure)") }
exit(harness.failures.isEmpty ? 0 : 1)
