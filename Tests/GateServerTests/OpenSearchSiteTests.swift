import GateServer
import ModelRegistry
import Testing

/// The access-control switch, and what the security API tells.
@Suite struct OpenSearchSiteTests {
  static let setting = "plugins.ml_commons.model_access_control_enabled"

  @Test(
    arguments: [
      (
        #"{"persistent":{"\#(setting)":false}}"#, "", "false",
        #"{"acknowledged":true,"persistent":{"plugins":{"ml_commons":{"model_access_control_enabled":"false"}}},"transient":{}}"#
      ),
      (
        #"{"persistent":{"plugins":{"ml_commons.model_access_control_enabled":"false"}}}"#,
        "?flat_settings=true", "false",
        #"{"acknowledged":true,"persistent":{"\#(setting)":"false"},"transient":{}}"#
      ),
      (
        #"{"transient":{"\#(setting)":"true"},"persistent":{"\#(setting)":false}}"#,
        "?flat_settings&timeout=30s&cluster_manager_timeout=1s", "true",
        #"{"acknowledged":true,"persistent":{"\#(setting)":"false"},"transient":{"\#(setting)":"true"}}"#
      ),
      (
        #"{"persistent":{"\#(setting)":null}}"#, "", nil,
        #"{"acknowledged":true,"persistent":{},"transient":{}}"#
      ),
    ] as [(String, String, String?, String)])
  func switches(_ body: String, _ query: String, _ value: String?, _ answer: String) async throws {
    let world = try await OpenSearchWorld()
    let path = "/_cluster/settings"
    let done = try await world.send("PUT", path + query, body, as: "admin")
    #expect(done.status == 200 && done.body == answer)
    let flat = try await world.send("GET", path + "?flat_settings=true", as: "user1")
    let shown = value.map { #""\#(Self.setting)":"\#($0)""# } ?? ""
    #expect(flat.body == #"{"persistent":{\#(shown)},"transient":{}}"#)
    // It bites, or it does not.
    let id = try await world.group(#"{"name":"g"}"#)
    let other = try await world.send("GET", "/_plugins/_ml/model_groups/\(id)", as: "user3")
    #expect(other.status == (value == "false" ? 200 : 403))
  }

  @Test(arguments: [
    (#"{"persistent":{"foo.bar":1}}"#, 400, "persistent setting [foo.bar], not recognized"),
    (
      #"{"transient":{"\#(setting)":"on"}}"#, 400,
      "Failed to parse value [on] as only [true] or [false] are allowed."
    ),
    (#"{"persistent":{}}"#, 400, "Validation Failed: 1: no settings to update;"),
    (#"{"other":{}}"#, 400, "[put_cluster_settings_request] unknown field [other]"),
    (
      #"{"persistent":[]}"#, 400,
      "Failed to parse object: expecting token of type [START_OBJECT] but found [START_ARRAY]"
    ),
  ])
  func refusesSettings(_ body: String, _ status: Int, _ reason: String) async throws {
    let world = try await OpenSearchWorld()
    let answer = try await world.send("PUT", "/_cluster/settings", body, as: "admin")
    #expect(answer.status == status && answer.reason == reason, "\(answer)")
  }

  @Test func settingsAreNotEverybodys() async throws {
    let world = try await OpenSearchWorld()
    for user in ["reader", "nobody"] {
      let answer = try await world.send("GET", "/_cluster/settings", as: user)
      #expect(answer.status == 403 && answer.type == "security_exception", "\(answer)")
    }
    let all = try await world.send(
      "GET", "/_cluster/settings?include_defaults=true&flat_settings=true", as: "admin")
    #expect(all.body == #"{"persistent":{},"transient":{},"defaults":{"\#(Self.setting)":"true"}}"#)
  }

  @Test func everybodyMayKnowThemselves() async throws {
    let world = try await OpenSearchWorld()
    let mapped = try await world.send("GET", "/_plugins/_security/authinfo", as: "mapped")
    #expect(
      mapped.body
        == #"{"user":"User [name=mapped, backend_roles=[admin], requestedTenant=null]","user_name":"mapped","user_requested_tenant":null,"remote_address":null,"backend_roles":["admin"],"custom_attribute_names":[],"roles":["all_access"],"tenants":{},"principal":null,"peer_certificates":"0","sso_logout_url":null}"#
    )
    #expect(
      try await world.send("GET", "/_plugins/_security/authinfo", as: "nobody").texts("roles") == []
    )
    #expect(try await world.send("GET", "/_plugins/_security/authinfo", as: nil).status == 401)
  }

  @Test func administratorsSeeUsersAndRoles() async throws {
    let world = try await OpenSearchWorld()
    let api = "/_plugins/_security/api"
    for user in ["admin", "mapped", "root"] {
      let users = try await world.send("GET", "\(api)/internalusers", as: user)
      #expect(
        users.body
          == #"{"user1":{"hash":"","reserved":false,"hidden":false,"backend_roles":["IT","HR"],"attributes":{},"opendistro_security_roles":["ml_full_access"],"static":false},"zoë":{"hash":"","reserved":false,"hidden":false,"backend_roles":[],"attributes":{},"description":"Zoë Q","opendistro_security_roles":[],"static":false}}"#
      )
    }
    let one = try await world.send("GET", "\(api)/internalusers/zo%C3%AB", as: "admin")
    #expect(one.at("zoë.static") as? Bool == false && one.at("user1") == nil)
    let none = try await world.send("GET", "\(api)/internalusers/nobody", as: "admin")
    #expect(none.status == 404)
    #expect(none.body == #"{"status":"NOT_FOUND","message":"Resource 'nobody' not found."}"#)
    let role = try await world.send("GET", "\(api)/roles/ml_full_access", as: "admin")
    #expect(
      role.texts("ml_full_access.cluster_permissions")
        == ["cluster:admin/opensearch/ml/*", "cluster:monitor/*"])
    let mappings = try await world.send("GET", "\(api)/rolesmapping", as: "admin")
    #expect(mappings.texts("all_access.backend_roles") == ["admin"])
  }

  @Test func othersDoNot() async throws {
    let world = try await OpenSearchWorld()
    for path in ["internalusers", "internalusers/user1", "roles", "rolesmapping/all_access"] {
      let answer = try await world.send("GET", "/_plugins/_security/api/\(path)", as: "user1")
      #expect(answer.status == 403)
      #expect(
        answer.body
          == #"{"status":"FORBIDDEN","message":"No permission to access REST API: User user1 with Security roles [ml_full_access] does not have any role privileged for admin access"}"#
      )
    }
  }

  @Test(arguments: ["internalusers/u", "roles/r", "rolesmapping/r"])
  func nothingIsChangedThere(_ path: String) async throws {
    let world = try await OpenSearchWorld()
    for method in ["PUT", "DELETE", "PATCH"] {
      let answer = try await world.send(
        method, "/_plugins/_security/api/\(path)", #"{"password":"p"}"#, as: "admin")
      #expect(answer.status == 501 && answer.text("status") == "NOT_IMPLEMENTED", "\(answer)")
      #expect(
        answer.text("message")?.contains(path.hasPrefix("i") ? "modelgate users" : "policies")
          ?? false)
    }
  }
}
