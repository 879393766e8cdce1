#if Server
  import Authentication
  import Foundation
  import GateServer
  import Testing

  /// Requests about API keys that are not what they have to be, and how much they may ask for.
  @Suite struct KeyRequestTests {
    static let create = KeyWireTests.create
    static let invalidate = KeyWireTests.invalidate

    static func role(_ members: String) -> String {
      #"{"name": "k", "role_descriptors": {"r": {\#(members)}}}"#
    }

    /// A request, and how the reason of its refusal begins.
    static let bad: [(line: String, body: String, reason: String)] = [
      (create, "", "request body is required"),
      (create, "[]", "[1:1] [api_key_request] expected an object but found START_ARRAY"),
      (
        create, #"{"nam": "k"}"#, "[1:2] [api_key_request] unknown field [nam] did you mean [name]?"
      ),
      (create, "{}", "Validation Failed: 1: api key name is required;"),
      (create, #"{"name": "  "}"#, "Validation Failed: 1: api key name is required;"),
      (
        create, #"{"name": "_k "}"#,
        "Validation Failed: 1: api key name may not begin or end with whitespace;2: api key name may "
          + "not begin with an underscore;"
      ),
      (create, #"{"name": "a\u0000b"}"#, "`a"),
      (create, #"{"name": 1}"#, "[1:10] [api_key_request] name doesn't support values of type"),
      (create, #"{"name": "k", "expiration": "soon"}"#, "failed to parse setting [expiration]"),
      (create, #"{"name": "k", "expiration": "1"}"#, "failed to parse setting [expiration]"),
      (
        create, #"{"name": "k", "expiration": "0"}"#,
        "Validation Failed: 1: api key expiration must be in the future;"
      ),
      (
        create, #"{"name": "k", "expiration": "-1"}"#,
        "Validation Failed: 1: api key expiration must be in the future;"
      ),
      // More than 64 bits of milliseconds.
      (
        create, #"{"name": "k", "expiration": "1099511627775d"}"#,
        "failed to parse [1099511627775d]"
      ),
      (
        create, #"{"name": "k", "expiration": "9223372036854775807d"}"#,
        "failed to parse [9223372036854775807d]"
      ),
      (
        create, #"{"name": "k", "metadata": {"_a": 1}}"#,
        "Validation Failed: 1: API key metadata keys may not start with [_];"
      ),
      (
        create, #"{"name": "k", "metadata": []}"#,
        "[1:27] [api_key_request] metadata doesn't support"
      ),
      (
        create, role(#""cluster": ["nothing"]"#),
        "Validation Failed: 1: unknown cluster privilege [nothing]. a privilege must be either one of"
      ),
      (
        create, role(#""cluster": ["*"]"#),
        "Validation Failed: 1: unknown cluster privilege [*]. a privilege must be either one of"
      ),
      (
        create, role(#""cluster": ["cluster:a\u0007b"]"#),
        "Validation Failed: 1: unknown cluster privilege"
      ),
      (create, role(#""cluster": [1]"#), "[1:54] [r] cluster doesn't support values of type"),
      (
        create, role(#""indices": [{"names": ["i"], "privileges": ["read"]}]"#),
        "role descriptor [r]: [indices] can't be granted here"
      ),
      (create, role(#""run_as": ["root"]"#), "role descriptor [r]: [run_as] can't be granted here"),
      (create, role(#""applications": [{}]"#), "role descriptor [r]: [applications] can't be"),
      (create, role(#""restriction": {"workflows": ["w"]}"#), "role descriptor [r]: [restriction]"),
      (create, role(#""klaster": []"#), "failed to parse role [r]. unexpected field [klaster]"),
      (create + "?refresh=x", #"{"name": "k"}"#, "Unknown value for refresh: [x]."),
      (
        create + "?dry_run=true", #"{"name": "k"}"#,
        "request [/_security/api_key] contains unrecognized parameter: [dry_run]"
      ),
      ("GET /_security/api_key?owner=x", "", "Failed to parse value [x] as only [true] or [false]"),
      (
        "GET /_security/api_key?id=a&name=b", "",
        "Validation Failed: 1: only one of [api key id, api key name] can be specified;"
      ),
      (
        "GET /_security/api_key?id=a&username=b&owner=true", "",
        "Validation Failed: 1: username or realm name must not be specified when the api key id or api "
          + "key name are specified;2: neither username nor realm-name may be specified when "
          + "retrieving owned API keys;"
      ),
      ("GET /_security/api_key?with_limited_by=true", "", "[with_limited_by] is not served"),
      (invalidate, "", "request body is required"),
      (
        invalidate, "{}",
        "Validation Failed: 1: One of [api key id(s), api key name, username, realm name] must be "
          + "specified if [owner] flag is false;"
      ),
      (
        invalidate, #"{"ids": []}"#,
        "Validation Failed: 1: Field [ids] must not contain blank id, and must not be empty;"
      ),
      (invalidate, #"{"ids": ["a"], "id": "b"}"#, "Must use either [id] or [ids]"),
      (
        invalidate, #"{"ids": ["a"], "realm_name": "users"}"#,
        "Validation Failed: 1: username or realm name must not be specified when the api key id(s) or"
      ),
    ]

    @Test func whatIsWrongIsSaid() async throws {
      let world = try await KeyWorld()
      defer { world.site.remove() }
      for (line, body, reason) in Self.bad {
        let answer = try await world.send(line, body, as: "root")
        #expect(answer.status == 400, "\(line) \(body): \(answer.text)")
        #expect(answer.reason.hasPrefix(reason), "\(line) \(body): \(answer.reason)")
      }
      #expect(try await world.send("GET /_security/api_key", as: "root").ids == [])
      #expect(try await world.send("GET /_security/api_key?id=none", as: "root").status == 404)
      #expect(
        try await world.send("GET /_security/api_key?id=none", as: "root").text
          == #"{"api_keys":[]}"#)
    }

    /// Each limit on either side: the largest that is taken, and one more.
    @Test func limits() async throws {
      let world = try await KeyWorld()
      defer { world.site.remove() }
      func status(_ body: String) async throws -> Int {
        try await world.send(Self.create, body, as: "root").status
      }
      for (extra, expected) in [(0, 200), (1, 400)] {
        let name = String(repeating: "n", count: ServerLimits.keyNameBytes + extra)
        #expect(try await status(#"{"name": "\#(name)"}"#) == expected)
        #expect(
          try await status(#"{"name": "k", "role_descriptors": {"\#(name)": {}}}"#) == expected)
        let names = (0..<ServerLimits.keyPrivileges - 1 + extra).map { "\"cluster:x\($0)\"" }
        #expect(
          try await status(Self.role(#""cluster": [\#(names.joined(separator: ","))]"#))
            == expected)
        // With the quotes, the brackets and the name around it.
        let text = String(repeating: "m", count: ServerLimits.keyMetadataBytes - 8 + extra)
        #expect(try await status(#"{"name": "k", "metadata": {"a":"\#(text)"}}"#) == expected)
        let ids = [String](repeating: "\"i\"", count: ServerLimits.keysAtOnce + extra)
        let answer = try await world.send(
          Self.invalidate, #"{"ids": [\#(ids.joined(separator: ","))]}"#, as: "root")
        #expect(answer.status == expected)
      }
    }

    /// `AuthenticationLimits.keysPerOwner`: those that work no more do not count.
    @Test func aUserHasSoManyKeys() async throws {
      let world = try await KeyWorld()
      defer { world.site.remove() }
      let now = world.site.clock.time
      try TableFile<KeyTable>(world.site.keysFile).change(ifAbsent: .create) {
        table throws(FileFault) in
        for _ in 1..<AuthenticationLimits.keysPerOwner {
          try table.add(APIKey.make(name: "k", owner: "eve", now: now).key)
        }
        try table.add(APIKey.make(name: "old", owner: "eve", now: now, expires: now).key)
      }
      let last = try await world.key(#"{"name": "last"}"#, of: "eve")
      let refused = try await world.send(Self.create, #"{"name": "more"}"#, as: "eve")
      #expect(refused.status == 400 && refused.reason.contains("has 1000 API keys already"))
      try await world.send(
        Self.invalidate, #"{"ids": ["\#(last.id)"], "owner": true}"#, as: "eve")
      #expect(try await world.send(Self.create, #"{"name": "more"}"#, as: "eve").status == 200)
      #expect(try await world.send(Self.create, #"{"name": "k"}"#, as: "ada").status == 200)
    }

    /// Server and command line change one file at the same time, and neither loses a key.
    @Test func serverAndCommandLineShareTheFile() async throws {
      let world = try await KeyWorld()
      defer { world.site.remove() }
      let (file, now) = (TableFile<KeyTable>(world.site.keysFile), world.site.clock.time)
      async let mine: Void = withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<20 {
          group.addTask { _ = try await world.key(#"{"name": "wire \#(index)"}"#, of: "ada") }
        }
        try await group.waitForAll()
      }
      for index in 0..<20 {
        try file.change(ifAbsent: .create) { table throws(FileFault) in
          try table.add(APIKey.make(name: "tool \(index)", owner: "eve", now: now).key)
        }
      }
      try await mine
      let names = try file.read().keys.map(\.name)
      #expect(Set(names).count == 40 && names.count == 40)
    }

    @Test func aBrokenFileIsNotReplacedAndNothingIsTold() async throws {
      let world = try await KeyWorld()
      defer { world.site.remove() }
      let key = try await world.key(#"{"name": "k"}"#, of: "ada")
      try world.site.write("{", to: "api-keys.json")
      let answer = try await world.send(Self.create, #"{"name": "x"}"#, as: "ada")
      #expect(answer.status == 503 && answer.reason == "the API keys can't be changed now")
      #expect(try String(contentsOfFile: world.site.keysFile, encoding: .utf8) == "{")
      // What was read before stays in force, and the log says that nothing came of it.
      #expect(try await world.send("GET /", as: key.header).status == 200)
      #expect(try await world.log().contains(#""kind":"abandoned""#))
    }

    @Test func withoutKeysThereAreNone() async throws {
      for isKept in [true, false] {
        let world = try await KeyWorld(keys: isKept) { $0.keysFile = nil }
        defer { world.site.remove() }
        let answer = try await world.send(Self.create, #"{"name": "x"}"#, as: "ada")
        #expect(answer.status == 400 && answer.reason == "API keys are not in use here")
      }
    }
  }
#endif
