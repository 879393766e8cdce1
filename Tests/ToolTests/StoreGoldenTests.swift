#if SQLite && Signing
  import CEL
  import Foundation
  import ModelRegistry
  import PolicyEngine
  import PolicyGate
  import SQLiteStore
  import StoreContract
  import Testing

  /// `modelgate log` and `modelgate store`, word for word, one after the other on one registry.
  @Suite struct StoreGoldenTests {
    static let steps: [GoldenTests.Case] = [
      .init("log-help", 0, "log --help"),
      .init("log-verify-help", 0, "log verify --help"),
      .init("store-help", 0, "store --help"),
      .init("log-tail", 0, "log tail --data registry.db"),
      .init("log-tail-json", 0, "log tail --data registry.db -n 1 --format json"),
      .init("log-tail-help", 0, "log tail --help"),
      .init(
        "log-tail-filtered", 0,
        "log tail --data registry.db --outcome deny --kind refused --subject kim"),
      .init(
        "log-tail-last-filtered", 0,
        "log tail --data registry.db -n 1 --action model:put --resource-type model --kind dry_run"),
      .init("log-tail-none", 0, "log tail --data registry.db --resource frau"),
      .init("log-tail-wrong", 64, "log tail --data registry.db --outcome denied"),
      .init("log-export", 0, "log export --data registry.db --from 2"),
      .init("log-verify", 0, "log verify --data registry.db"),
      .init("log-new-key", 0, "log new-key --key log.pem"),
      .init("log-new-key-again", 1, "log new-key --key log.pem"),
      .init("log-sign", 0, "log sign-head --data registry.db --key log.pem --heads heads.ndjson"),
      .init(
        "log-sign-again", 0, "log sign-head --data registry.db --key log.pem --heads heads.ndjson"),
      .init(
        "log-verify-anchored", 0,
        "log verify --data registry.db --anchor heads.ndjson --public-key log.pem.pub"),
      .init(
        "log-verify-unsigned", 0,
        "log verify --data registry.db --anchor heads.ndjson --format json"),
      .init("log-verify-file", 0, "log verify --file whole.ndjson --anchor heads.ndjson"),
      .init("log-verify-cut", 2, "log verify --file cut.ndjson --anchor heads.ndjson"),
      .init("log-verify-changed", 2, "log verify --file changed.ndjson"),
      .init("log-verify-changed-json", 2, "log verify --file changed.ndjson --format json"),
      .init("log-verify-missing", 2, "log verify --file missing.ndjson"),
      .init("log-verify-no-log", 2, "log verify --file text"),
      .init("log-verify-nothing", 1, "log verify"),
      .init("log-verify-both", 64, "log verify --data registry.db --file whole.ndjson"),
      .init(
        "log-shorten-nowhere", 1,
        "log shorten --data registry.db --through 2 --heads heads.ndjson --public-key log.pem.pub"),
      .init("store-check", 0, "store check --data registry.db"),
      .init("store-check-json", 0, "store check --data registry.db --format json --pretty"),
      .init("store-backup", 0, "store backup --data registry.db copy.db"),
      .init("store-backup-again", 1, "store backup --data registry.db copy.db"),
      .init("store-restore-taken", 1, "store restore copy.db --data registry.db"),
      .init("store-restore", 0, "store restore copy.db --data new.db"),
      .init(
        "log-shorten", 0,
        "log shorten --data registry.db --through 4 --heads heads.ndjson --public-key log.pem.pub"),
      .init("log-verify-shortened", 0, "log verify --data registry.db --public-key log.pem.pub"),
      .init("log-tail-shortened", 0, "log tail --data registry.db"),
      .init("store-nowhere", 1, "store check --data nowhere.db"),
      .init("store-nowhere-json", 1, "store check --data nowhere.db --format json"),
      .init("store-no-store", 1, "store check --data text"),
      .init("log-no-store", 1, "log tail --data ."),
    ]

    @Test func looksAsItDid() async throws {
      let folder = try Tool.scratch()
      defer { try? FileManager.default.removeItem(at: folder) }
      try await fill(folder.appendingPathComponent("registry.db").path)
      try exports(folder)
      for step in Self.steps {
        let run = try Tool.run(step.arguments, in: folder, environment: ["COLUMNS": "80"])
        #expect(run.status == step.status, "\(step.name)")
        // Keys are new in each run.
        let text = run.transcript(step.arguments).replacing(
          /key [0-9a-f]{16}|"key":"[0-9a-f]{16}"/, with: "<key>")
        try Tool.check(golden: step.name, text)
      }
    }

    /// `--follow` shows what is logged later, by another process, and nothing that is not wanted.
    @Test func follows() async throws {
      let folder = try Tool.scratch()
      defer { try? FileManager.default.removeItem(at: folder) }
      let path = folder.appendingPathComponent("registry.db").path
      try await fill(path)
      let output = folder.appendingPathComponent("out")
      try Data().write(to: output)
      let process = Tool.process(
        ["log", "tail", "--data", path, "--outcome", "deny", "--follow"], in: folder, [:])
      process.standardOutput = try FileHandle(forWritingTo: output)
      try process.run()
      defer { process.terminate() }
      func lines() throws -> [String] {
        try String(contentsOf: output, encoding: .utf8).split(separator: "\n").map(String.init)
      }
      func wait(until count: Int) async throws {
        while try lines().count < count, process.isRunning {
          try await Task.sleep(for: .milliseconds(20))
        }
      }
      try await wait(until: 2)
      try await ask(path, ["risk", "sales"])
      try await wait(until: 3)
      #expect(process.isRunning)
      #expect(try lines().map { String($0.prefix(1)) } == ["2", "4", "6"])
    }

    /// The exported log as it is, and as it should not be.
    private func exports(_ folder: URL) throws {
      let whole = try Tool.run(["log", "export", "--data", "registry.db"], in: folder)
      let lines = whole.output.split(separator: "\n").map(String.init)
      var (cut, changed, missing) = (lines, lines, lines)
      cut.removeLast()
      changed[1] = changed[1].replacing("deny", with: "DENY")
      missing.remove(at: 2)
      for (name, content) in [
        ("whole.ndjson", lines), ("cut.ndjson", cut), ("changed.ndjson", changed),
        ("missing.ndjson", missing), ("text", ["this is no log"]),
      ] {
        let text = content.map { "\($0)\n" }.joined()
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
      }
    }

    /// A registry with a few decisions.
    private func fill(_ path: String) async throws {
      let store = try SQLiteStore(path: path)
      try await store.mustPut([.policy(revision: "probe")], key: "policies")
      try await store.close()
      try await ask(path, ["sales", "risk"])
      let again = try SQLiteStore(path: path)
      let verdict = try await gate(again).judge(
        PutModel(team: "legal"), by: Self.kim, given: NoFacts())
      #expect(!verdict.decision.isAllowed)
      try await again.close()
    }

    private static let kim = Request.Entity(
      type: "user", id: "kim",
      properties: ["roles": .list([.string("keeper")]), "teams": .list([.string("risk")])])

    private func gate(_ store: SQLiteStore) throws -> PolicyGate {
      let policies = try PolicySet(folder: Tool.fixtures.appendingPathComponent("policies").path)
      return PolicyGate(policies, log: StoreLog(store: store)) { 1_700_000_000_123 }
    }

    /// Asks for each team without doing anything.
    private func ask(_ path: String, _ teams: [String]) async throws {
      let store = try SQLiteStore(path: path)
      let gate = try gate(store)
      for team in teams {
        _ = try await gate.rehearse(PutModel(team: team), by: Self.kim, given: NoFacts())
      }
      try await store.close()
    }
  }

  /// Something to ask the policies of the fixtures.
  private struct PutModel: GatedOperation {
    let team: String

    func request(by subject: Request.Entity, given facts: NoFacts) -> Request {
      Request(
        subject: subject, action: .init(name: "model:put"),
        resource: .init(
          type: "model", id: team == "risk" ? "fraud" : "fraud\u{1B}[31m",
          properties: ["teams": .list([.string(team)])]))
    }
  }

  /// A store as a log.
  private struct StoreLog: DecisionLog {
    let store: SQLiteStore

    func append(_ record: DecisionRecord) async throws { try await store.append([record]) }
    func noticeUnspent(_ record: DecisionRecord) {}
  }
#endif
