#if Server
  import Foundation
  import Testing

  /// `modelgate users` and `modelgate keys`, word for word, one after the other in one folder.
  @Suite struct UsersGoldenTests {
    static let hash = "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"

    static let steps: [GoldenTests.Case] = [
      .init("users-help", 0, "users --help"),
      .init("users-add-help", 0, "users add --help"),
      .init("users-import-help", 0, "users import --help"),
      .init("keys-help", 0, "keys --help"),
      .init("keys-create-help", 0, "keys create --help"),
      .init("users-none", 1, "users list"),
      .init("users-no-terminal", 64, "users add alice --role superuser"),
      .init(
        "users-add", 0,
        ["users", "add", "alice", "--role", "ml_full_access", "--role", "superuser"]
          + ["--backend-role", "analyst", "--full-name", "Alice Arnold", "--password-stdin"],
        input: "correct horse\n"),
      .init(
        "users-no-terminal-json", 64, "users passwd alice --users users.json --format json",
        input: "secret\n"),
      .init("users-add-again", 1, "users add alice --generate"),
      .init("users-add-generated", 0, "users add bob --backend-role analyst --generate"),
      .init(
        "users-add-json", 0, "users add carol --run-as bob --generate --format json --pretty"),
      .init("users-add-certificate", 0, "users add gateway --no-password"),
      .init("users-add-bad-name", 1, "users add a:b --generate"),
      .init("users-add-pattern", 1, "users add dora --run-as * --no-password"),
      .init("users-short", 1, "users passwd bob --password-stdin", input: "short\n"),
      .init(
        "users-several-lines", 1, "users passwd bob --password-stdin", input: "one line\ntwo\n"),
      .init("users-two-sources", 64, "users passwd bob --password-stdin --generate"),
      .init("users-passwd", 0, "users passwd bob --password-stdin", input: "correct horse\r\n"),
      .init("users-passwd-nobody", 1, "users passwd bobb --generate"),
      .init("users-disable", 0, "users disable bob"),
      .init("users-list", 0, "users list"),
      .init("users-list-json", 0, "users list --format json --pretty"),
      .init("users-enable", 0, "users enable bob"),
      .init("users-remove", 0, "users remove carol"),
      .init("users-remove-again", 1, "users remove carol --format json"),
      .init("users-import-nothing", 64, "users import"),
      .init(
        "users-import", 0,
        "users import --elasticsearch-users es/users --users-roles es/users_roles"),
      .init("users-import-again", 1, "users import --elasticsearch-users es/users"),
      .init("users-import-bad", 1, "users import --elasticsearch-users es/bad --users new.json"),
      .init(
        "users-import-opensearch", 0, "users import --opensearch-internal-users os/internal.json"),
      .init(
        "users-import-replace", 0,
        "users import --opensearch-internal-users os/internal.json --replace --format json"),
      .init("users-list-imported", 0, "users list"),
      .init("users-broken", 1, "users add dora --no-password --users broken.json"),
      .init("users-broken-json", 1, "users list --users broken.json --format json --pretty"),
      .init("keys-none", 1, "keys list"),
      .init("keys-create", 0, "keys create ci --owner alice"),
      .init(
        "keys-create-limited", 0,
        "keys create nightly --owner alice --role superuser --expires-in 90d --format json --pretty"
      ),
      .init("keys-create-role", 1, "keys create ci --owner alice --role all_access"),
      .init("keys-create-nobody", 1, "keys create ci --owner nobody"),
      .init("keys-create-lifetime", 64, "keys create ci --owner alice --expires-in 90"),
      .init("keys-list", 0, "keys list"),
      .init("keys-list-json", 0, "keys list --format json --pretty"),
      .init("keys-revoke-nothing", 1, "keys revoke nothing"),
      .init("keys-prune", 0, "keys prune"),
    ]

    @Test func looksAsItDid() throws {
      let folder = try Tool.scratch()
      defer { try? FileManager.default.removeItem(at: folder) }
      try files(folder)
      for step in Self.steps {
        let run = try Tool.run(
          step.arguments, in: folder, input: Data((step.input ?? "").utf8),
          environment: ["COLUMNS": "80"])
        #expect(run.status == step.status, "\(step.name)")
        try Tool.check(golden: step.name, Self.still(run.transcript(step.arguments)))
      }
    }

    /// Without secrets and times, which are new in each run.
    static func still(_ text: String) -> String {
      text.replacing(/password: \w{24}/, with: "password: <password>")
        .replacing(/"password": ?"\w{24}"/, with: "\"password\": \"<password>\"")
        .replacing(/ApiKey [A-Za-z0-9+\/=]{40,}/, with: "ApiKey <encoded>")
        .replacing(/"(encoded|api_key)": "[^"]{40,}"/) { "\"\($0.output.1)\": \"<secret>\"" }
        .replacing(/"(created|expires|expiration)": \d{13}/) { "\"\($0.output.1)\": <time>" }
        .replacing(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "<time>")
        .replacing(/"id": "\w{20}"/, with: "\"id\": \"<id>\"")
        .replacing(/key \w{20}/, with: "key <id>")
        .replacing(#/\n\w{20} /#, with: "\n<id>                 ")
    }

    private func files(_ folder: URL) throws {
      for name in ["es", "os"] {
        try FileManager.default.createDirectory(
          at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
      }
      for (name, text) in [
        ("es/users", "erika:\(Self.hash)\nemil:\(Self.hash)\n"),
        ("es/users_roles", "superuser:erika\n"), ("es/bad", "erika:secret\nemil\n"),
        (
          "os/internal.json",
          #"{"_meta": {"type": "internalusers"}, "olga": {"hash": "\#(Self.hash)", "reserved": true}, "otto": {"hash": ""}}"#
        ),
        (
          "broken.json",
          "{\n  \"version\": 1,\n  \"users\": {\n    \"a\": { \"rolez\": [], \"enabled\": 1 }\n  }\n}\n"
        ),
      ] {
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
      }
    }

    /// A revoked key is listed as such, and pruned.
    @Test func keysAreRevokedByTheirId() throws {
      let folder = try Tool.scratch()
      defer { try? FileManager.default.removeItem(at: folder) }
      _ = try Tool.run(["users", "add", "alice", "--no-password"], in: folder)
      let made = try Tool.run(
        ["keys", "create", "ci", "--owner", "alice", "--format", "json"], in: folder)
      let id = try #require(made.documents.first?["id"] as? String)
      let encoded = try #require(made.documents.first?["encoded"] as? String)
      let secret = try #require(made.documents.first?["api_key"] as? String)
      #expect(Data(base64Encoded: encoded) == Data("\(id):\(secret)".utf8))
      #expect(try Tool.run(["keys", "revoke", id], in: folder).status == 0)
      #expect(try Tool.run(["keys", "list"], in: folder).output.contains("revoked"))
      #expect(
        try Tool.run(["keys", "prune"], in: folder).output == "removed 1 API key\n")
      #expect(try Tool.run(["keys", "list"], in: folder).output == "none\n")
    }

    /// Secrets are read by their owner alone, and are nowhere in the clear.
    @Test func filesHoldNoSecrets() throws {
      let folder = try Tool.scratch()
      defer { try? FileManager.default.removeItem(at: folder) }
      _ = try Tool.run(
        ["users", "add", "alice", "--password-stdin"], in: folder,
        input: Data("correct horse".utf8))
      let made = try Tool.run(
        ["keys", "create", "ci", "--owner", "alice", "--format", "json"], in: folder)
      let secret = try #require(made.documents.first?["api_key"] as? String)
      for name in ["users.json", "api-keys.json"] {
        let path = folder.appendingPathComponent(name).path
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(!text.contains("correct horse") && !text.contains(secret))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
      }
    }

    @Test func theEnvironmentNamesTheFile() throws {
      let folder = try Tool.scratch()
      defer { try? FileManager.default.removeItem(at: folder) }
      let run = try Tool.run(
        ["users", "add", "alice", "--no-password"], in: folder,
        environment: ["MODELGATE_USERS": "others.json"])
      #expect(run.status == 0)
      #expect(
        FileManager.default.fileExists(atPath: folder.appendingPathComponent("others.json").path))
    }
  }
#endif
