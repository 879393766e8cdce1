import Foundation
import Testing

@testable import PolicyEngine

/// The shipped OpenSearch policies against small oracles written from sections 5, 7b and 11 of
/// `facts/opensearch.md`, on every combination of what matters.
@Suite struct ShippedGroupTests {
  struct Person: CustomTestStringConvertible, Sendable {
    let name: String
    let id: String
    let isAdmin: Bool
    let roles: [String]
    /// What the security plugin gives: roles in the request, or backend roles that are mapped.
    let properties: String
    var testDescription: String { name }

    var json: String {
      let backend =
        roles.isEmpty && name != "nobody"
        ? "" : #", "backend_roles": [\#(roles.map { "\"\($0)\"" }.joined(separator: ","))]"#
      return #"{ "type": "user", "id": "\#(id)", "properties": { \#(properties)\#(backend) } }"#
    }
  }

  static let full = #""roles": ["ml_full_access"]"#
  static let people = [
    Person(
      name: "a user with two roles", id: "eve", isAdmin: false, roles: ["IT", "HR"],
      properties: full),
    Person(
      name: "a user with one role", id: "eve", isAdmin: false, roles: ["IT"], properties: full),
    Person(name: "a user without roles", id: "eve", isAdmin: false, roles: [], properties: full),
    Person(name: "nobody", id: "eve", isAdmin: false, roles: [], properties: full),
    Person(
      name: "an admin by role", id: "eve", isAdmin: true, roles: [],
      properties: #""roles": ["all_access"]"#),
    Person(
      name: "an admin with roles", id: "eve", isAdmin: true, roles: ["IT"],
      properties: #""roles": ["ml_full_access", "all_access"]"#),
    Person(
      name: "an admin by mapping", id: "eve", isAdmin: true, roles: ["admin"],
      properties: #""roles": []"#),
  ]

  /// Answers of OpenSearch, and nothing for yes.
  typealias Answer = String?

  private func answer(
    _ policies: PolicySet, _ action: String, _ person: Person, _ properties: [String?],
    resource: String, enabled: String
  ) throws -> Answer {
    let decision = try policies.decide(
      """
      { "subject": \(person.json), "action": { "name": "cluster:admin/opensearch/ml/\(action)", "properties": { \(properties.compactMap(\.self).joined(separator: ", ")) } },
        "resource": { "type": "model_group", "id": "g", "properties": { \(resource) } }, "context": { \(enabled) } }
      """)
    #expect(decision.isAllowed == (decision.error == nil), "\(decision.summary)")
    #expect(decision.reasons.allSatisfy { $0.failure == nil }, "\(decision.summary)")
    return decision.error.map { "\($0.status) \($0.type): \($0.reason)" }
  }

  private static func illegal(_ text: String) -> String {
    "400 illegal_argument_exception: \(text)"
  }
  private static let disabled = illegal(
    "You cannot specify model access control parameters because the Security plugin or model access control is disabled on your cluster."
  )
  private static let onlyRestricted = illegal(
    "You can specify backend roles only for a model group with the restricted access mode.")
  private static let adminAll = illegal(
    "Admin users cannot add all backend roles to a model group.")
  private static let bothGiven = illegal(
    "You cannot specify backend roles and add all backend roles at the same time.")
  private static let noneGiven = illegal(
    "You must specify one or more backend roles or add all backend roles to register a restricted model group."
  )
  private static let notYours = illegal("You don't have the backend roles specified.")

  static let modes: [String?] = [
    nil, "public", "private", "restricted", "RESTRICTED", "Public", "shared", "", " private",
  ]
  static let given: [[String]?] = [
    nil, [], ["IT"], ["HR", "IT"], ["Finance"], ["IT", "IT"], ["it"],
  ]
  static let all: [Bool?] = [nil, false, true]

  /// Section 5, steps 3 and 4.
  private static func register(
    _ person: Person, _ asked: String?, _ roles: [String]?, _ all: Bool?, isEnabled: Bool
  ) -> Answer {
    let lower = asked?.lowercased() ?? ""
    let known = ["public", "private", "restricted"].contains(lower) ? lower : nil
    let givesRoles = !(roles ?? []).isEmpty
    let addsAll = all == true
    if !isEnabled { return known != nil || all != nil || givesRoles ? disabled : nil }
    var mode = known
    if mode == nil {
      if givesRoles && addsAll { return bothGiven }
      mode = givesRoles || addsAll ? "restricted" : "private"
    }
    if mode != "restricted" { return givesRoles || addsAll ? onlyRestricted : nil }
    if person.isAdmin, addsAll { return adminAll }
    if !person.isAdmin, person.roles.isEmpty {
      return illegal(
        "You must have at least one backend role to register a restricted model group.")
    }
    if !givesRoles, !addsAll { return noneGiven }
    if givesRoles, addsAll { return bothGiven }
    if !person.isAdmin, !addsAll, !(roles ?? []).allSatisfy(person.roles.contains) {
      return notYours
    }
    return nil
  }

  private static func parameters(_ mode: String?, _ roles: [String]?, _ all: Bool?) -> [String?] {
    [
      mode.map { #""access_mode": "\#($0)""# },
      roles.map { #""backend_roles": [\#($0.map { "\"\($0)\"" }.joined(separator: ","))]"# },
      all.map { #""add_all_backend_roles": \#($0)"# },
    ]
  }

  @Test(arguments: people) func registering(_ person: Person) throws {
    let policies = try PolicySet.shipped("policies/opensearch")
    for isEnabled in [true, false] {
      for mode in Self.modes {
        for roles in Self.given {
          for all in Self.all {
            let expected = Self.register(person, mode, roles, all, isEnabled: isEnabled)
            let found = try answer(
              policies, "register_model_group", person,
              [#""model_group_name": "g""#] + Self.parameters(mode, roles, all), resource: "",
              enabled: #""access_control_enabled": \#(isEnabled)"#)
            #expect(
              found == expected,
              "\(mode ?? "-") \(roles ?? ["-"]) \(all.map(String.init) ?? "-") \(isEnabled)")
          }
        }
      }
    }
  }

  // MARK: Access

  struct Group: Sendable {
    let access: String
    let owner: String?
    /// The roles of the group, as the test names their relation to IT.
    let roles: [String]?

    var json: String {
      [
        #""access": "\#(access)""#, owner.map { #""owner": "\#($0)""# },
        roles.map { #""backend_roles": [\#($0.map { "\"\($0)\"" }.joined(separator: ","))]"# },
      ].compactMap(\.self).joined(separator: ", ")
    }
  }

  static let groups: [Group] = ["public", "private", "restricted"].flatMap { access in
    ["eve", "ada", nil].flatMap { owner in
      ([["IT"], ["Finance"], ["Finance", "HR"], nil] as [[String]?]).map {
        Group(access: access, owner: owner, roles: $0)
      }
    }
  }

  /// The table of section 11 for get, delete and models.
  private static func mayUse(_ person: Person, _ group: Group) -> Bool {
    if person.isAdmin || group.owner == nil { return true }
    let shares = person.roles.contains { (group.roles ?? []).contains($0) }
    return switch group.access {
    case "public": true
    case "private": group.owner == person.id
    default: shares
    }
  }

  @Test(arguments: people) func readingAndDeleting(_ person: Person) throws {
    let policies = try PolicySet.shipped("policies/opensearch")
    for group in Self.groups {
      for (setting, isOn) in [
        ("", true), (#""access_control_enabled": true"#, true),
        (#""access_control_enabled": false"#, false),
      ] {
        let may = !isOn || Self.mayUse(person, group)
        let get = try answer(
          policies, "model_groups/get", person, [], resource: group.json, enabled: setting)
        // A restricted group without roles is closed, and says so (500 in OpenSearch).
        let isClosed = group.access == "restricted" && (group.roles ?? []).isEmpty
        let refusal =
          isClosed
          ? "400 illegal_state_exception: Backend roles shouldn't be null"
          : "403 status_exception: User doesn't have privilege to perform this operation on this model group"
        #expect(get == (may ? nil : refusal), "\(group)")
        let delete = try answer(
          policies, "model_groups/delete", person, [], resource: group.json, enabled: setting)
        #expect(
          delete
            == (may
              ? nil
              : "403 status_exception: User doesn't have privilege to delete this model group"),
          "\(group)")
        let full = try answer(
          policies, "model_groups/delete", person, [],
          resource: group.json + #", "model_count": 2"#, enabled: setting)
        #expect(
          full?.hasPrefix(
            may
              ? "409 status_exception: Cannot delete the model group when it has associated" : "403"
          ) == true, "\(group)")
      }
    }
  }

  /// Section 8: searches go by the stored mode and roles alone.
  @Test(arguments: people) func searching(_ person: Person) throws {
    let policies = try PolicySet.shipped("policies/opensearch")
    for group in Self.groups {
      let shares = person.roles.contains { (group.roles ?? []).contains($0) }
      let finds =
        person.isAdmin || group.access == "public" || shares
        || group.access == "private" && group.owner == person.id
      for isOn in [true, false] {
        let found = try answer(
          policies, "model_groups/search", person, [], resource: group.json,
          enabled: #""access_control_enabled": \#(isOn)"#)
        #expect((found == nil) == (finds || !isOn), "\(group)")
      }
    }
  }

  // MARK: Update

  /// Section 7b, steps 2 and 3.
  private static func update(
    _ person: Person, _ group: Group, _ asked: String?, _ roles: [String]?, _ all: Bool?,
    isEnabled: Bool
  ) -> Answer {
    let lower = asked?.lowercased() ?? ""
    let mode = ["public", "private", "restricted"].contains(lower) ? lower : nil
    let givesRoles = !(roles ?? []).isEmpty
    let addsAll = all == true
    if !isEnabled { return mode != nil || all != nil || givesRoles ? disabled : nil }
    let owns = group.owner == person.id
    let shares = person.roles.contains { (group.roles ?? []).contains($0) }
    if mode != nil || all != nil || roles != nil, !owns, !person.isAdmin {
      return illegal("Only owner or admin can update access control data.")
    }
    if !person.isAdmin, !owns, group.access != "public", group.access != "restricted" || !shares {
      return illegal("You don't have permission to update this model group.")
    }
    if owns, !person.isAdmin, group.access == "restricted", !shares {
      if (group.roles ?? []).isEmpty { return "illegal state" }
      return illegal(
        "You don't have the specified backend role to update this model group. For more information, contact your administrator."
      )
    }
    if mode == "public" || mode == "private" { return givesRoles || addsAll ? onlyRestricted : nil }
    if person.isAdmin, addsAll { return adminAll }
    if addsAll, person.roles.isEmpty { return illegal("You don't have any backend roles.") }
    if !givesRoles, all == false {
      return illegal(
        "You have to specify backend roles when add all backend roles is set to false.")
    }
    if givesRoles, addsAll { return bothGiven }
    if mode == "restricted", !givesRoles, !addsAll { return noneGiven }
    if !person.isAdmin, givesRoles, !(roles ?? []).allSatisfy(person.roles.contains) {
      return notYours
    }
    return nil
  }

  @Test(arguments: people) func updating(_ person: Person) throws {
    let policies = try PolicySet.shipped("policies/opensearch")
    for group in Self.groups {
      for isEnabled in [true, false] {
        for mode in [nil, "public", "Private", "restricted", "shared"] as [String?] {
          for roles in [nil, [], ["IT"], ["Finance"]] as [[String]?] {
            for all in Self.all {
              let expected = Self.update(person, group, mode, roles, all, isEnabled: isEnabled)
              let found = try answer(
                policies, "update_model_group", person,
                [#""description": "d""#] + Self.parameters(mode, roles, all), resource: group.json,
                enabled: #""access_control_enabled": \#(isEnabled)"#)
              // OpenSearch answers 500 where the policy has words of its own.
              let agrees =
                expected == "illegal state"
                ? found?.contains("Backend roles should not be null") == true : found == expected
              #expect(
                agrees,
                "\(group) \(mode ?? "-") \(roles ?? ["-"]) \(all.map(String.init) ?? "-") \(isEnabled): \(found ?? "yes") instead of \(expected ?? "yes")"
              )
            }
          }
        }
      }
    }
  }
}
