import CEL
import CELConformance
import Foundation

/// `cel-conformance [--verbose] [NAME…]`: how many cases pass, by kind: `conformance` is the
/// official suite, `ext` the extension libraries, `re2` regular expressions. A name is a kind, or a
/// file of the suite.
let arguments = CommandLine.arguments.dropFirst()
let verbose = arguments.contains("--verbose")
let wanted = Set(arguments.filter { !$0.hasPrefix("-") })

func isWanted(_ kind: String) -> Bool { wanted.isEmpty || wanted.contains(kind) }

/// The place of a kind's data, or nil, said so, if it is not there.
func data(_ kind: String, _ path: String) -> URL? {
  let url = SharedData.cel.appendingPathComponent(path)
  guard !SharedData.exists(url) else { return url }
  print("\(kind): skipped, there is no \(url.path) (set MODELGATE_CEL_DATA)")
  return nil
}

func runConformance() throws {
  guard let folder = data("conformance", "conformance") else { return }
  let files = try FileManager.default.contentsOfDirectory(
    at: folder, includingPropertiesForKeys: nil
  )
  .filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
  var board = Scoreboard("conformance", verbose: verbose)
  for file in files {
    let name = file.deletingPathExtension().lastPathComponent
    guard isWanted("conformance") || wanted.contains(name) else { continue }
    let (cases, outOfScope) = try ConformanceCase.load(file)
    board.begin(
      name, note: outOfScope > 0 ? " (\(outOfScope) out of scope: they need messages)" : "")
    for test in cases { board.count(name, test.id, test.expression, test.failure()) }
  }
  if board.total > 0 { board.printAll() }
}

func runExtensions() throws {
  guard isWanted("ext"), let file = data("ext", "ext_cases.json") else { return }
  var board = Scoreboard("ext", verbose: verbose)
  for test in try ExtensionCase.load(file) {
    board.count(test.group, test.id, test.expression, test.failure())
  }
  board.printAll()
}

func runRegexes() throws {
  guard isWanted("re2"), let file = data("re2", "re2_cases.json") else { return }
  var board = Scoreboard("re2", verbose: verbose)
  for test in try RegexCase.load(file) {
    board.count(test.category, test.id, test.pattern, test.failure())
  }
  board.printAll()
}

try runConformance()
try runExtensions()
try runRegexes()
