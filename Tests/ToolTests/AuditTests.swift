import Foundation
import Testing

/// `modelgate audit` and `modelgate import` on the deliberately bad exports of `examples/82-audit`.
@Suite struct AuditTests {
  static let example = Tool.root.appending(path: "examples/82-audit")
  static let groups = "--opensearch groups.json group-models.json"
  static let openSearch =
    "\(groups) internal-users.json opensearch-roles.json roles-mapping.json action-groups.json"
  static let elasticsearch =
    "--elasticsearch trained-models.json stats.json cluster-state.json users.json roles.json role-mapping.json"

  static func arguments(_ words: String) -> [String] {
    words.split(separator: " ").map(String.init)
  }

  static func audit(_ words: String) throws -> Tool.Run {
    try Tool.run(
      ["audit"] + arguments(words) + ["--policies", "../../policies"], in: example,
      environment: ["COLUMNS": "80"])
  }

  // MARK: Word for word

  /// On the example.
  static let transcripts: [(name: String, status: Int32, words: String)] = [
    ("audit-opensearch", 2, openSearch), ("audit-elasticsearch", 2, elasticsearch),
    ("audit-json", 2, "\(elasticsearch) --format json --pretty"),
    ("audit-junit", 2, "\(openSearch) --format junit"),
    ("audit-sarif", 2, "\(elasticsearch) --format sarif"),
    ("audit-github", 2, "\(groups) --format github"),
    ("audit-gitlab", 2, "\(groups) --format gitlab"),
    ("audit-explained", 2, "--elasticsearch cluster-state.json --explain"),
    ("audit-never", 0, "\(groups) --fail-on never"),
    ("audit-clean", 0, "--opensearch internal-users.json"),
    ("audit-unknown-export", 1, "--opensearch users.json"),
    ("audit-unknown-export-json", 1, "--opensearch users.json --format json"),
    ("audit-nowhere", 1, "--opensearch nowhere.json"),
  ]

  /// Golden files that the tests here write.
  static let golden =
    transcripts.map(\.name) + usages.map(\.name) + ["import", "audit-store"]

  @Test(arguments: transcripts)
  func looksAsItDid(_ name: String, _ status: Int32, _ words: String) throws {
    let run = try Self.audit(words)
    #expect(run.status == status)
    try Tool.check(golden: name, run.transcript(["audit"] + Self.arguments(words)))
  }

  static let usages: [(name: String, status: Int32, words: String)] = [
    ("audit-help", 0, "audit --help"), ("audit-nothing", 64, "audit"),
    ("audit-two", 64, "audit --data a --opensearch b"),
    ("audit-roles-of-nobody", 64, "audit --data a --roles b"),
    ("import-help", 0, "import --help"), ("import-nothing", 64, "import -o x"),
    (
      "import-two", 64,
      "import --elasticsearch-roles a --opensearch-roles b -o x"
    ),
  ]

  @Test(arguments: usages)
  func usage(_ name: String, _ status: Int32, _ words: String) throws {
    let run = try Tool.run(
      Self.arguments(words), in: Self.example, environment: ["COLUMNS": "80"])
    #expect(run.status == status)
    try Tool.check(golden: name, run.transcript(Self.arguments(words)))
  }

  // MARK: The example

  struct Expectation: Decodable, CustomTestStringConvertible {
    var about: String
    var arguments: String
    var status: Int32
    var findings: [String]

    var testDescription: String { about }
  }

  static let expectations: [Expectation] = {
    let file = example.appending(path: "expected-findings.json")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode([Expectation].self, from: data)) ?? []
  }()

  @Test func thereAreExpectations() { #expect(Self.expectations.count == 4) }

  @Test(arguments: expectations) func everythingExpectedIsFound(_ expected: Expectation) throws {
    let run = try Self.audit("\(expected.arguments) --format json")
    #expect(run.status == expected.status)
    let answer = try #require(run.documents.first)
    let findings = (answer["findings"] as? [[String: Any]] ?? []).map { finding in
      ["severity", "kind", "name", "code"].map { finding[$0] as? String ?? "" }
        .joined(separator: " ")
    }
    #expect(findings == expected.findings)
    #expect(
      (answer["violations"] as? Int ?? 0) + (answer["warnings"] as? Int ?? 0) == findings.count)
  }

  /// What the README of the example shows is what happens.
  @Test func theReadmeIsTrue() throws {
    let readme = try String(
      contentsOf: Self.example.appending(path: "README.md"), encoding: .utf8)
    let blocks = readme.components(separatedBy: "```console\n").dropFirst()
    #expect(blocks.count == 3)
    for block in blocks {
      let lines = (block.components(separatedBy: "```").first ?? "").split(
        separator: "\n", omittingEmptySubsequences: false)
      let command = try #require(lines.first)
      let arguments = Self.arguments(String(command.dropFirst("$ modelgate ".count)))
      let run = try Tool.run(arguments, in: Tool.root)
      #expect(
        run.output == lines.dropFirst().joined(separator: "\n"), "\(command): \(run.errors)")
    }
    let written = Tool.root.appending(path: ".build/imported")
    try? FileManager.default.removeItem(at: written)
  }

  // MARK: Exit statuses

  @Test func thresholdsAndIncompleteExports() throws {
    let folder = try Tool.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    func status(_ text: String, _ options: String) throws -> Int32 {
      try Data(text.utf8).write(to: folder.appending(path: "export.json"))
      return try Tool.run(
        Self.arguments("audit --elasticsearch export.json \(options) --policies")
          + [Tool.root.appending(path: "policies").path], in: folder
      ).status
    }
    let pytorch =
      #"{ "model_id": "m", "model_type": "pytorch", "inference_config": { "ner": {} }, "metadata": { "model_aliases": ["ALIAS"] } }"#
    let warning =
      #"{ "trained_model_configs": [\#(pytorch.replacing("ALIAS", with: "a"))] }"#
    let violation =
      #"{ "trained_model_configs": [\#(pytorch.replacing("ALIAS", with: "A"))] }"#
    let part = warning.replacing(#"{ "trained"#, with: #"{ "count": 9, "trained"#)
    #expect(try status(warning, "") == 0)
    #expect(try status(warning, "--fail-on warning") == 2)
    #expect(try status(violation, "") == 2)
    #expect(try status(violation, "--fail-on never") == 0)
    #expect(try status(part, "") == 3)
    #expect(try status(part, "--fail-on warning") == 2)
    #expect(try status(part, "--fail-on never") == 0)
    #expect(try status("{", "") == 1)
  }

  /// What is listed is bounded; what is counted is not.
  @Test(arguments: [0, 1]) func listsAreBounded(_ more: Int) throws {
    let folder = try Tool.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let most = 10_000
    let aliases = (0..<most + more).map { #""A\#($0)a": { "model_id": "m" }"# }
    try Data(
      #"{ "model_aliases": { \#(aliases.joined(separator: ", ")) } }"#.utf8
    ).write(to: folder.appending(path: "aliases.json"))
    let policy =
      #"{ "policy": "p", "rules": [{ "id": "no", "description": "No.", "effect": "deny", "stage": "validation", "when": "true", "message": "no" }] }"#
    try Data(policy.utf8).write(to: folder.appending(path: "policy.json"))
    let run = try Tool.run(
      Self.arguments(
        "audit --elasticsearch aliases.json --policies policy.json --format json"), in: folder)
    let answer = try #require(run.documents.first)
    #expect((answer["findings"] as? [Any])?.count == most)
    #expect(answer["violations"] as? Int == most + more)
    #expect(answer["not_listed"] as? Int == (more == 0 ? nil : more))
  }

  // MARK: Import

  @Test func importsAndRefusesToOverwrite() throws {
    let folder = try Tool.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.example.path) {
      try FileManager.default.copyItem(
        at: Self.example.appending(path: name), to: folder.appending(path: name))
    }
    try FileManager.default.createSymbolicLink(
      at: folder.appending(path: "policies"),
      withDestinationURL: Tool.root.appending(path: "policies"))
    let openSearch =
      "import --opensearch-roles opensearch-roles.json --opensearch-roles-mapping roles-mapping.json --opensearch-action-groups action-groups.json --users internal-users.json -o out"
    let elasticsearch =
      "import --elasticsearch-roles roles.json --elasticsearch-role-mapping role-mapping.json --users users.json -o out"
    var transcript: [String] = []
    for (words, status) in [
      (openSearch, Int32(0)), (openSearch, 1), ("\(openSearch) --force --format json --pretty", 0),
      ("\(elasticsearch) --strict", 3), ("\(elasticsearch) --force --format json", 0),
      ("import --opensearch-roles roles-mapping.json -o other", 1),
      ("import --opensearch-roles nowhere.json -o other", 1),
    ] {
      let run = try Tool.run(Self.arguments(words), in: folder, environment: ["COLUMNS": "80"])
      #expect(run.status == status, "\(words)")
      transcript.append(run.transcript(Self.arguments(words)))
    }
    for name in ["elasticsearch", "opensearch"] {
      let file = folder.appending(path: "out/\(name)_roles.json")
      transcript.append("\(name)_roles.json:\n\(try String(contentsOf: file, encoding: .utf8))")
    }
    try Tool.check(golden: "import", transcript.joined(separator: "\n"))
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "other").path))
    // Both files load beside the policies, and are what is replaced when they stand among them.
    let site = folder.appending(path: "site")
    try FileManager.default.copyItem(
      at: Tool.root.appending(path: "policies"), to: site)
    for (system, words) in [("opensearch", openSearch), ("elasticsearch", elasticsearch)] {
      let into = words.replacing("-o out", with: "-o site/imported --policies site")
      for more in ["", " --force"] {
        #expect(try Tool.run(Self.arguments(into + more), in: folder).status == 0, "\(system)")
      }
    }
    #expect(try Tool.run(["policies", "--policies", "site"], in: folder).status == 0)
  }
}

#if SQLite
  /// `modelgate audit` on a registry's file.
  @Suite struct StoreAuditTests {
    @Test func auditsAFileWithoutTouchingIt() throws {
      let folder = try RegistryTests.folder()
      defer { try? FileManager.default.removeItem(at: folder) }
      func run(_ words: String) throws -> Tool.Run {
        try Tool.run(RegistryTests.arguments(words), in: folder, environment: ["COLUMNS": "80"])
      }
      for words in [
        "models put delay-1 --inference-type regression --input-field a \(RegistryTests.admin)",
        "aliases put flight_delay delay-1 \(RegistryTests.admin)",
        "groups register fraud --id fraud --share-with IT \(RegistryTests.user1)",
        "groups register theirs --id theirs --share-with Finance \(RegistryTests.user3)",
      ] { #expect(try run(words).status == 0, "\(words)") }
      let file = folder.appending(path: "modelgate.db")
      let before = try Data(contentsOf: file)
      var transcript: [String] = []
      for (words, status) in [
        ("audit --data modelgate.db", Int32(0)),
        ("audit --data modelgate.db --as user2 --roles ml_full_access --backend-roles IT", 2),
        ("audit --data nowhere.db", 1), ("audit --data policies", 1),
      ] {
        let run = try run(words)
        #expect(run.status == status, "\(words): \(run.errors)")
        transcript.append(run.transcript(RegistryTests.arguments(words)))
      }
      try Tool.check(golden: "audit-store", transcript.joined(separator: "\n"))
      #expect(try Data(contentsOf: file) == before)
      // Nothing was logged either, and the registry goes on.
      #expect(try run("log tail --data modelgate.db -n 1").output.contains("theirs"))
      #expect(try run("store check --data modelgate.db").status == 0)
    }
  }
#endif
