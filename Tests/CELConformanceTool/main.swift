import CEL
import CELConformance
import Foundation

/// `cel-conformance [--verbose] [FILE…]`: how many cases of the suite pass, a line a file.
let arguments = CommandLine.arguments.dropFirst()
let verbose = arguments.contains("--verbose")
let wanted = arguments.filter { !$0.hasPrefix("-") }

let folder = SharedData.cel.appendingPathComponent("conformance")
guard SharedData.exists(folder) else {
  print("conformance: skipped, there is no \(folder.path) (set MODELGATE_CEL_DATA)")
  exit(0)
}
var passedInAll = 0
var all = 0
let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
  .filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
for file in files {
  let name = file.deletingPathExtension().lastPathComponent
  guard wanted.isEmpty || wanted.contains(name) else { continue }
  let (cases, outOfScope) = try ConformanceCase.load(file)
  var passed = 0
  for test in cases {
    if let failure = test.failure() {
      if verbose { print("  \(test.id): `\(test.expression)` \(failure.replacing("\n", with: " "))") }
    } else {
      passed += 1
    }
  }
  print("\(name) \(passed)/\(cases.count)" + (outOfScope > 0 ? " (\(outOfScope) need messages)" : ""))
  passedInAll += passed
  all += cases.count
}
print("conformance TOTAL \(passedInAll)/\(all)")
