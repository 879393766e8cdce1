#if Server
  @testable import Authentication
  import Foundation
  import GateServer
  import Testing

  /// API keys over the wire: who may make, see and revoke which, and what they are good for.
  @Suite struct KeyWireTests {
    static let create = "POST /_security/api_key"
    static let get = "GET /_security/api_key"
    static let invalidate = "DELETE /_security/api_key"

    @Test func aKeyIsMadeUsedListedAndRevoked() async throws {
      let world = try await KeyWorld()
      defer { world.site.remove() }
      let made = try await world.send(
        Self.create,
        #"{"name": "ci", "expiration": "1d", "metadata": {"team": "ml", "n": [1, {"a": null}]}}"#,
        as: "ada")
      #expect(made.status == 200)
      #expect(Set(made.json.keys) == ["id", "name", "expiration", "api_key", "encoded"])
      let (id, secret) = (made.string("id"), made.string("api_key"))
      #expect(made.json["expiration"] as? Int64 == world.site.clock.time + 86_400_000)
      #expect(
        made.string("encoded") == Data("\(id):\(secret)".utf8).base64EncodedString())
      // It works at once: nothing waits until the file is looked at again.
      let header = "ApiKey \(made.string("encoded"))"
      #expect(try await world.rights(header) == [true, true])
      let me = try await world.send("GET /_security/_authenticate", as: header)
      #expect(me.string("username") == "ada" && me.string("authentication_type") == "api_key")
      // Neither the file nor the log has the secret.
      let file = try String(contentsOfFile: world.site.keysFile, encoding: .utf8)
      let log = try await world.log()
      for text in [file, log] {
        #expect(!text.contains(secret) && !text.contains(made.string("encoded")))
        #expect(text.contains(id))
      }
      let listed = try await world.send(Self.get + "?id=\(id)&owner=true", as: "ada")
      #expect(listed.status == 200 && listed.ids == [id])
      let key = try #require(listed.keys.first)
      #expect(key["name"] as? String == "ci" && key["username"] as? String == "ada")
      #expect(key["invalidated"] as? Bool == false && key["realm"] as? String == "users")
      #expect((key["metadata"] as? [String: Any])?["team"] as? String == "ml")
      #expect((key["role_descriptors"] as? [String: Any])?.isEmpty == true)
      #expect(!listed.text.contains(secret))
      let body = #"{"ids": ["\#(id)"], "owner": true}"#
      let gone = try await world.send(Self.invalidate, body, as: "ada")
      #expect(gone.status == 200 && gone.strings("invalidated_api_keys") == [id])
      #expect(try await world.send(KeyWorld.list, as: header).status == 401)
      let again = try await world.send(Self.invalidate, body, as: "ada")
      #expect(
        again.strings("invalidated_api_keys") == []
          && again.strings("previously_invalidated_api_keys") == [id])
    }

    /// What `role_descriptors` leave of an owner who may manage machine learning.
    static let limits: [(descriptors: String, list: Bool, put: Bool)] = [
      ("", true, true), (#", "role_descriptors": {}"#, true, true),
      (#", "role_descriptors": {"r": {"cluster": ["monitor_ml"]}}"#, true, false),
      (
        #", "role_descriptors": {"r": {"cluster": "monitor_ml", "indices": [], "run_as": []}}"#,
        true, false
      ),
      (#", "role_descriptors": {"r": {"cluster": ["manage_ml"]}}"#, true, true),
      (#", "role_descriptors": {"r": {"cluster": ["all"]}}"#, true, true),
      (#", "role_descriptors": {"r": {"cluster": []}}"#, false, false),
      (#", "role_descriptors": {"r": {}}"#, false, false),
      (
        #", "role_descriptors": {"a": {"cluster": ["monitor_inference"]}, "b": {"cluster": ["cluster:admin/xpack/ml/inference/model_aliases/put"]}}"#,
        false, true
      ),
    ]

    @Test func descriptorsLimit() async throws {
      let world = try await KeyWorld()
      defer { world.site.remove() }
      for (descriptors, list, put) in Self.limits {
        let key = try await world.key(#"{"name": "k"\#(descriptors)}"#, of: "ada")
        #expect(try await world.rights(key.header) == [list, put], "\(descriptors)")
        // As the file says it, so after a restart.
        let again = try world.site.authenticator()
        let caller = try #require(
          await again.authenticate(try request(key.header)).caller)
        #expect(caller.privilegeLimit == nil || descriptors.contains("r"))
      }
      // A key can't be more than its owner: `all` of somebody who may nothing is nothing.
      let key = try await world.key(
        #"{"name": "k", "role_descriptors": {"r": {"cluster": ["all"]}}}"#, of: "eve")
      #expect(try await world.rights(key.header) == [false, false])
      let refused = try await world.send(KeyWorld.list, as: key.header)
      #expect(
        refused.reason
          == "action [cluster:monitor/xpack/ml/inference/get] is unauthorized for API key id "
          + "[\(key.id)] of user [eve], this action is granted by the cluster privileges "
          + "[monitor_ml,manage_ml,monitor,manage,all]")
    }

    @Test func privilegesOfALimitedKeyAreThoseOfBoth() async throws {
      let world = try await KeyWorld()
      defer { world.site.remove() }
      let key = try await world.key(
        #"{"name": "k", "role_descriptors": {"r": {"cluster": ["monitor_ml"]}}}"#, of: "ada")
      let answer = try await world.send(
        "POST /_security/user/_has_privileges",
        #"{"cluster": ["monitor_ml", "manage_ml", "manage_own_api_key", "all"]}"#, as: key.header)
      #expect(
        answer.json["cluster"] as? [String: Bool] == [
          "monitor_ml": true, "manage_ml": false, "manage_own_api_key": false, "all": false,
        ])
    }

    /// Max is mapped to `superuser` by name.
    @Test func mappingsByNameDoNotReachALimitedKey() async throws {
      let world = try await KeyWorld()
      defer { world.site.remove() }
      #expect(try await world.rights("max") == [true, true])
      func header(_ roles: [String]?, _ backend: [String]?) throws -> String {
        let fresh = APIKey.make(
          name: "k", owner: "max", roles: roles, backendRoles: backend, now: world.site.clock.time)
        try world.site.add(fresh.key)
        world.site.clock.advance(seconds: 1)
        return "ApiKey \(fresh.encoded)"
      }
      #expect(try await world.rights(header(nil, nil)) == [true, true])
      #expect(try await world.rights(header(["machine_learning_user"], nil)) == [true, false])
      #expect(try await world.rights(header([], nil)) == [false, false])
      #expect(try await world.rights(header(nil, [])) == [true, false])
      let me = try await world.send("GET /_security/_authenticate", as: header([], nil))
      #expect(me.json["roles"] as? [String] == [])
      // Limited to privileges, it has what both have.
      let key = try await world.key(
        #"{"name": "k", "role_descriptors": {"r": {"cluster": ["monitor_ml"]}}}"#, of: "max")
      #expect(try await world.rights(key.header) == [true, false])
    }

    @Test func theLogSaysWithWhichKey() async throws {
      let world = try await KeyWorld()
      defer { world.site.remove() }
      let key = try await world.key(#"{"name": "night build"}"#, of: "ada")
      try await world.send(KeyWorld.list, as: key.header)
      try await world.send(KeyWorld.list, as: "ada")
      let log = try await world.log()
      let used = #""authenticated_key":{"id":"\#(key.id)","name":"night build"}"#
      #expect(log.components(separatedBy: used).count == 2)
    }

    // MARK: Who may

    @Test func whoMayDoWhat() async throws {
      let world = try await KeyWorld()
      defer { world.site.remove() }
      let (ada, eve) = (
        try await world.key(#"{"name": "a"}"#, of: "ada"),
        try await world.key(#"{"name": "e"}"#, of: "eve")
      )
      // One's own, if the request can be about no other's.
      for query in ["?owner=true", "?username=ada", "?username=ada&realm_name=users"] {
        #expect(try await world.send(Self.get + query, as: "ada").ids == [ada.id])
      }
      for query in [
        "", "?id=\(eve.id)", "?id=\(ada.id)", "?username=eve", "?name=*", "?realm_name=users",
        "?username=ada&realm_name=other",
      ] {
        let answer = try await world.send(Self.get + query, as: "ada")
        #expect(answer.status == 403, "\(query)")
        #expect(
          answer.reason
            == "action [cluster:admin/xpack/security/api_key/get] is unauthorized for user [ada] with "
            + "effective roles [key_keeper,machine_learning_admin], this action is granted by the "
            + "cluster privileges [read_security,manage_api_key,manage_security,all]", "\(query)")
      }
      #expect(try await world.send(Self.get + "?owner=true&id=\(eve.id)", as: "ada").status == 404)
      for body in [#"{"ids": ["\#(eve.id)"]}"#, #"{"username": "eve"}"#, #"{"name": "e"}"#] {
        #expect(try await world.send(Self.invalidate, body, as: "ada").status == 403)
      }
      let none = try await world.send(
        Self.invalidate, #"{"ids": ["\#(eve.id)"], "owner": true}"#, as: "ada")
      #expect(none.status == 200 && none.strings("invalidated_api_keys") == [])
      #expect(try await world.send("GET /", as: eve.header).status == 200)
      // Who has no such privilege.
      for line in [Self.create, Self.invalidate] {
        let body = line == Self.create ? #"{"name": "x"}"# : #"{"owner": true}"#
        let answer = try await world.send(line, body, as: "mona")
        #expect(answer.status == 403)
        #expect(
          answer.reason.hasSuffix(
            "granted by the cluster privileges [manage_own_api_key,manage_api_key,manage_security,all]"
          ))
      }
      #expect(try await world.send(Self.get + "?owner=true", as: "mona").status == 403)
      // Who has it for everybody's.
      #expect(Set(try await world.send(Self.get, as: "kim").ids) == [ada.id, eve.id])
      let gone = try await world.send(Self.invalidate, #"{"username": "eve"}"#, as: "kim")
      #expect(gone.strings("invalidated_api_keys") == [eve.id])
      #expect(try await world.send("GET /", as: eve.header).status == 401)
    }

    /// No key makes one that can do more than it can.
    @Test func keysOfKeysHaveNoPrivileges() async throws {
      let world = try await KeyWorld()
      defer { world.site.remove() }
      let limited = try await world.key(
        #"{"name": "k", "role_descriptors": {"r": {"cluster": ["manage_own_api_key"]}}}"#, of: "ada"
      )
      let full = try await world.key(#"{"name": "k"}"#, of: "ada")
      for header in [limited.header, full.header] {
        for descriptors in [
          "", #", "role_descriptors": {}"#, #", "role_descriptors": {"r": {"cluster": ["all"]}}"#,
          #", "role_descriptors": {"r": {}, "s": {"cluster": ["monitor_ml"]}}"#,
        ] {
          let answer = try await world.send(
            Self.create, #"{"name": "x"\#(descriptors)}"#, as: header)
          #expect(
            answer.status == 400
              && answer.reason.hasPrefix("creating derived api keys requires an explicit"))
        }
        let derived = try await world.key(
          #"{"name": "x", "role_descriptors": {"r": {}}}"#, of: header)
        #expect(try await world.rights(derived.header) == [false, false])
      }
      // A key sees itself by its id, without more.
      let itself = try await world.send(Self.get + "?id=\(limited.id)", as: limited.header)
      #expect(itself.ids == [limited.id])
      #expect(
        try await world.send(Self.get + "?id=\(full.id)", as: limited.header).status == 403)
    }

    /// Whoever is called like a user, and is not one of the file, gets no key of the user's.
    @Test func keysBelongToUsersOfTheFile() async throws {
      let world = try await KeyWorld {
        $0.anonymous = .init(name: "ada", roles: ["superuser"])
        $0.superAdmins = ["DNS:ada"]
      }
      defer { world.site.remove() }
      let key = try await world.key(#"{"name": "k"}"#, of: "ada")
      for certificate in [[], ["DNS:ada"]] {
        for (line, body) in [(Self.create, #"{"name": "x"}"#), (Self.get + "?owner=true", "")] {
          let answer = try await world.anybody(line, body, certificate: certificate)
          #expect(answer.status != 200 || answer.ids == [], "\(line) \(certificate)")
        }
      }
      #expect(try await world.send(Self.get + "?owner=true", as: "ada").ids == [key.id])
    }
  }
#endif
