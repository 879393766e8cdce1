/// `bench [--quick] [--only TEXT]`: one table, each case beside a hand-written floor where it has
/// one.
let arguments = Array(CommandLine.arguments.dropFirst())
let only = arguments.firstIndex(of: "--only").flatMap {
  $0 + 1 < arguments.count ? arguments[$0 + 1] : nil
}
var harness = Harness(rounds: arguments.contains("--quick") ? 3 : 15, only: only)
print(Harness.header)
try harness.measureExpressions()
try harness.measureCompiling()
try harness.measureDecisions()
try harness.measureGrowth()
for failure in harness.failures { print("failed: \(failure)") }
if !harness.failures.isEmpty { fatalError("\(harness.failures.count) cases failed") }
