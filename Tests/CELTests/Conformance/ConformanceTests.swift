import CELConformance
import Foundation
import Testing

/// The official suite (a sample of it lies in the shared folder): everything that needs no protobuf
/// messages.
///
/// Every case must pass, those of the extension libraries too.
@Suite struct ConformanceTests {
  /// The files of the suite; none (and a line that says so) when the shared folder is absent.
  static let files: [SuiteFile] = {
    let folder = SharedData.cel.appendingPathComponent("conformance")
    guard SharedData.exists(folder) else {
      print(
        "conformance: SKIPPED, there is no \(folder.path) (set MODELGATE_SHARED or MODELGATE_CEL_DATA)"
      )
      return []
    }
    let urls = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return (urls ?? []).filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.map(
      SuiteFile.init)
  }()

  struct SuiteFile: Sendable, CustomTestStringConvertible {
    let url: URL
    var name: String { url.deletingPathExtension().lastPathComponent }
    var testDescription: String { name }
  }

  @Test(arguments: files) func passes(_ file: SuiteFile) throws {
    let (cases, outOfScope) = try ConformanceCase.load(file.url, classes: ["none"])
    var passed = 0
    for test in cases {
      guard let failure = test.failure() else {
        passed += 1
        continue
      }
      Issue.record("\(test.id): `\(test.expression)` \(failure)")
    }
    let scope = outOfScope > 0 ? ", \(outOfScope) more need messages" : ""
    print("conformance: \(file.name) \(passed)/\(cases.count)\(scope)")
  }

  @Test(.enabled(if: !files.isEmpty)) func readsEveryFile() throws {
    let cases = try Self.files.flatMap { try ConformanceCase.load($0.url, classes: ["none"]).cases }
    #expect(cases.count > 1_000, "the sample has 1,046 cases that need no protobuf")
    #expect(Set(cases.map(\.id)).count == cases.count, "every case has a name of its own")
  }
}
