import CEL
import PolicyEngine

/// Policy sets of any size and the requests that are asked of them: the shipped rules, and beside
/// them role grants, attribute rules, membership rules and rules for single resources over fifty
/// actions.
enum Workload {
  static let alias = "cluster:admin/xpack/ml/inference/model_aliases/put"

  /// A document with so many rules, and a role for every hundred of them.
  static func document(_ size: Int) -> String {
    var rules: [String] = [group] + sevenRules
    for index in 0..<size {
      let condition =
        switch index % 3 {
        case 0: "resource.id == 'model-\(index)' && subject.level < 2"
        case 1: "subject.department == 'd\(index)'"
        default: "'group-\(index)' in subject.roles && resource.type == 'model'"
        }
      rules.append(
        """
        {"id": "r\(index)", "description": "d", "effect": "deny", "message": "no", \
        "actions": ["model:act-\(index % 50)"], "when": "\(condition)"}
        """)
    }
    let roles = (0..<max(10, size / 100)).map {
      #""role-\#($0)": {"actions": ["model:act-*", "group:*"]}"#
    }
    return """
      {"policy": "growth", "roles": {"alias-admin": {"actions": ["alias:*"]}, \(roles.joined(separator: ","))}, "rules": [\(rules.joined(separator: ","))]}
      """
  }

  /// A file that changes, before and after.
  static let change = source("change.json", rule("changing", "subject.level == 1"))
  static let otherChange = source("change.json", rule("changing", "subject.level == 2"))

  private static func source(_ name: String, _ rule: String) -> PolicySource {
    PolicySource(name: name, bytes: Array(#"{"policy": "change", "rules": [\#(rule)]}"#.utf8))
  }

  private static func rule(_ id: String, _ condition: String) -> String {
    #"{"id": "\#(id)", "description": "d", "effect": "deny", "message": "no", "when": "\#(condition)"}"#
  }

  static let seven = "alias:put"

  /// The seven checks of an alias: what every engine that was measured for comparison had to do.
  private static let sevenRules: [String] = [
    "!has(resource.new_model)", "resource.id == resource.new_model.id",
    "!resource.id.matches('^[a-z0-9](?:[a-z0-9_.-]*[a-z])?$')",
    "has(resource.current_model) && !(has(action.reassign) && action.reassign)",
    "has(resource.current_model) && resource.current_model.inference_type != resource.new_model.inference_type",
    "has(resource.current_model) && resource.current_model.model_type != resource.new_model.model_type",
    "has(resource.current_model) && !resource.current_model.input_fields.exists(f, f in resource.new_model.input_fields)",
  ].enumerated().map {
    """
    {"id": "seven-\($0.offset)", "description": "d", "effect": "deny", "message": "no", \
    "actions": ["alias:put"], "when": "\($0.element)"}
    """
  }

  /// Access to a group: open to all, to its owner, or to whoever shares a backend role with it.
  private static let group = """
    {"id": "group-access", "description": "d", "effect": "deny", "message": "no", \
    "actions": ["group:access"], "unless": "resource.access == 'public' || \
    subject.id == resource.owner || subject.backend_roles.exists(r, r in resource.backend_roles)"}
    """

  private static let vocabulary = """
    {"vocabulary": "growth", "subject": {"attributes": {"level": "int", "department": "string"}}}
    """

  static func sources(_ size: Int) throws -> [PolicySource] {
    try PolicyLoader.sources(at: "policies")
      + [
        PolicySource(name: "attributes.json", bytes: Array(vocabulary.utf8)),
        PolicySource(name: "growth.json", bytes: Array(document(size).utf8)),
      ]
  }

  static let aliasRequest = Array(
    """
    {"subject":{"type":"user","id":"alice","properties":{"roles":["machine_learning_admin"]}},\
    "action":{"name":"\(alias)","properties":{"reassign":true}},\
    "resource":{"type":"model_alias","id":"flight_delay","properties":{"current_model":{"id":"delay-1",\
    "model_type":"tree_ensemble","inference_type":"regression","input_fields":["a","b","c"]},\
    "new_model":{"id":"delay-2","model_type":"tree_ensemble","inference_type":"regression","input_fields":["a","b","c"]}}},\
    "context":{}}
    """.utf8)

  /// The same without `reassign`, which rules deny.
  static let aliasDenied = replacing(
    #","properties":{"reassign":true}"#, with: "", in: aliasRequest)

  private static func replacing(_ text: String, with other: String, in bytes: [UInt8]) -> [UInt8] {
    let wanted = Array(text.utf8)
    guard
      let start = (0...bytes.count - wanted.count).first(where: {
        bytes[$0..<$0 + wanted.count].elementsEqual(wanted)
      })
    else { return bytes }
    return bytes[..<start] + Array(other.utf8) + bytes[(start + wanted.count)...]
  }

  static let attributes = [
    "action.reassign", "resource.current_model.id", "resource.current_model.model_type",
    "resource.current_model.inference_type", "resource.current_model.input_fields",
    "resource.new_model.id", "resource.new_model.model_type", "resource.new_model.inference_type",
    "resource.new_model.input_fields", "resource.access", "resource.owner",
    "resource.backend_roles",
  ]

  /// The slots of `attributes`.
  struct Slots {
    let reassign, owner, access, backendRoles: RequestShape.Slot
    let models:
      [(
        id: RequestShape.Slot, type: RequestShape.Slot, kind: RequestShape.Slot,
        fields: RequestShape.Slot
      )]

    init(_ shape: RequestShape) throws {
      func slot(_ name: String) throws -> RequestShape.Slot {
        guard let slot = shape.slot(name) else { throw Missing(name: name) }
        return slot
      }
      reassign = try slot("action.reassign")
      owner = try slot("resource.owner")
      access = try slot("resource.access")
      backendRoles = try slot("resource.backend_roles")
      models = try ["current_model", "new_model"].map {
        (
          try slot("resource.\($0).id"), try slot("resource.\($0).model_type"),
          try slot("resource.\($0).inference_type"), try slot("resource.\($0).input_fields")
        )
      }
    }
  }
  struct Missing: Error { let name: String }

  /// The texts of a request to move an alias; those of different numbers are all different.
  struct AliasTexts {
    let alias, old, new, type, kind: String
    let fields: [String]

    init(_ number: Int) {
      alias = number == 0 ? "flight_delay" : "train_delay"
      old = "delay-\(4 * number + 1)"
      new = "delay-\(4 * number + 2)"
      type = number == 0 ? "tree_ensemble" : "linear_model"
      kind = number == 0 ? "regression" : "classification"
      fields = number == 0 ? ["a", "b", "c"] : ["d", "e", "f"]
    }
  }

  static func roles(_ word: String, _ count: Int) -> [String] {
    (0..<count).map { "role-of-\(word)-\($0)" }
  }
  static func list(_ texts: [String]) -> CELValue { .list(texts.map { .string($0) }) }
}
