/// `bench [--quick] [--only TEXT] [--sizes 10,1000] [--rounds N] [--json FILE]`: one table, each
/// case beside a hand-written floor where it has one.
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
print(Harness.header)
try harness.measureExpressions()
try harness.measureCompiling()
try harness.measureDecisions(sizes)
if let path = option("--json"), !Process.write(harness.json, to: path) {
  print("`\(path)` can't be written")
}
for failure in harness.failures { print("failed: \(failure)") }
if !harness.failures.isEmpty { fatalError("\(harness.failures.count) cases failed") }
