#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `bench [--quick] [--only TEXT] [--sizes 10,1000] [--rounds N] [--json FILE]`: one table, each
/// case beside a hand-written floor where it has one. `bench --worst [--each]`: how long the default
/// budget lasts for the worst expressions. `bench --memory N`: what N rules take in a process that
/// has loaded nothing but the shipped policies before.
let arguments = Array(CommandLine.arguments.dropFirst())
func option(_ name: String) -> String? {
  arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
}
let isQuick = arguments.contains("--quick")
var harness = Harness(
  rounds: option("--rounds").flatMap { Int($0) } ?? (isQuick ? 3 : 15), only: option("--only"))
let sizes =
  option("--sizes")?.split(separator: ",").compactMap { Int($0) }
  ?? (isQuick ? [10, 1_000] : [10, 100, 1_000, 10_000, 100_000])
if arguments.contains("--worst") {
  try harness.measureWorstCases(each: arguments.contains("--each"))
} else if let size = option("--memory").flatMap({ Int($0) }) {
  try harness.measureMemory(size)
} else {
  try harness.measureAll(sizes)
}
if let path = option("--json"), !Process.write(harness.json, to: path) {
  print("`\(path)` can't be written")
}
for failure in harness.failures { print("failed: \(failure)") }
exit(harness.failures.isEmpty ? 0 : 1)
