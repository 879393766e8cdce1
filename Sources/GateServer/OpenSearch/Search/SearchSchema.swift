import CEL
import ModelRegistry

extension OpenSearch {
  /// What fields documents have, as the indexes of ML Commons map them.
  struct Schema: Sendable {
    /// How a field is looked at.
    enum Kind: Sendable {
      /// As a whole.
      case keyword
      /// Word by word.
      case text
      case number
      /// Milliseconds since the Unix epoch.
      case date
      case flag
    }

    /// Fields by their paths; the members of nested objects too.
    let fields: [String: Kind]
    /// Objects whose members are only seen by nested queries.
    let nested: Set<String>
    /// Members that `_source` leaves out unless it is asked for.
    static let hiddenMembers = ["content", "model_content", "ui_metadata"]

    func kind(_ path: String) -> Kind? { fields[path] }

    /// The nested object that a field is in.
    func scope(_ path: String) -> String? { nested.first { path.hasPrefix($0 + ".") } }

    /// Paths that a pattern such as `own*` names.
    func paths(matching pattern: TextPattern) -> [String] {
      fields.keys.filter { pattern.matches($0) }.sorted()
    }
  }

  static let groupSchema = Schema(
    fields: [
      "_id": .keyword, "name": .text, "name.keyword": .keyword, "description": .text,
      "latest_version": .number, "backend_roles": .text, "backend_roles.keyword": .keyword,
      "access": .keyword, "created_time": .date, "last_updated_time": .date,
      "owner.name": .text, "owner.name.keyword": .keyword,
      "owner.backend_roles": .text, "owner.backend_roles.keyword": .keyword,
      "owner.roles": .text, "owner.roles.keyword": .keyword,
      "owner.custom_attribute_names": .text, "owner.custom_attribute_names.keyword": .keyword,
    ], nested: ["owner"])

  static let modelSchema = Schema(
    fields: [
      "_id": .keyword, "name": .text, "name.keyword": .keyword, "model_group_id": .keyword,
      "algorithm": .keyword, "model_version": .keyword, "description": .text,
      "model_format": .keyword, "model_state": .keyword, "model_content_hash_value": .keyword,
      "model_content_size_in_bytes": .number, "connector_id": .keyword, "is_enabled": .flag,
      "is_hidden": .flag, "created_time": .date, "last_updated_time": .date,
      "chunk_number": .number, "total_chunks": .number, "model_id": .keyword,
      "model_config.model_type": .keyword, "model_config.framework_type": .keyword,
      "model_config.embedding_dimension": .number, "model_config.all_config": .text,
    ], nested: [])
}

extension OpenSearch {
  /// One value of a field.
  enum FieldValue: Sendable {
    case text(String)
    case number(Double)
    case flag(Bool)
  }
}

/// Something that searches look through.
protocol Searchable: Sendable {
  var id: String { get }
  var document: [UInt8] { get }
  /// The values of a field; a `.keyword` field has those of the text that it belongs to.
  func values(of path: String) -> [OpenSearch.FieldValue]
}

extension ModelGroup: Searchable {
  func values(of path: String) -> [OpenSearch.FieldValue] {
    switch OpenSearch.base(path) {
    case "_id": [.text(id)]
    case "name": [.text(name)]
    case "description": summary.map { [.text($0)] } ?? []
    case "latest_version": [.number(Double(latestVersion))]
    case "backend_roles": backendRoles.map { .text($0) }
    case "access": [.text(access.rawValue)]
    case "created_time": [.number(Double(createdTime))]
    case "last_updated_time": [.number(Double(lastUpdatedTime))]
    case "owner.name": owner.map { [.text($0.name)] } ?? []
    case "owner.backend_roles": owner?.backendRoles.map { .text($0) } ?? []
    case "owner.roles": owner?.roles.map { .text($0) } ?? []
    default: []
    }
  }
}

extension GroupModel: Searchable {
  func values(of path: String) -> [OpenSearch.FieldValue] {
    switch OpenSearch.base(path) {
    case "_id": [.text(id)]
    case "name": [.text(name)]
    case "model_group_id": groupID.map { [.text($0)] } ?? []
    case "algorithm": [.text(algorithm)]
    case "model_version": [.text("\(version)")]
    case "description": summary.map { [.text($0)] } ?? []
    case "model_state": [.text(state)]
    case "is_hidden": [.flag(isHidden)]
    case "created_time": [.number(Double(createdTime))]
    case "last_updated_time": [.number(Double(lastUpdatedTime))]
    default: configured(path)
    }
  }

  /// What the model was registered with.
  private func configured(_ path: String) -> [OpenSearch.FieldValue] {
    guard let settings else { return [] }
    var node = settings.root
    for step in path.split(separator: ".") {
      guard let next = settings.member(String(step), of: node) else { return [] }
      node = next
    }
    let isList = settings.kind(of: node) == .array
    return (isList ? Array(settings.children(of: node)) : [node]).compactMap { node in
      switch settings.kind(of: node) {
      case .string: .text(settings.string(of: node))
      case .true: .flag(true)
      case .false: .flag(false)
      case .int, .uint, .double: Double(settings.spelling(of: node)).map { .number($0) }
      case .null, .array, .object: nil
      }
    }
  }
}

extension OpenSearch {
  /// The path without `.keyword`, which is another way of looking at the same values.
  static func base(_ path: String) -> String {
    path.hasSuffix(".keyword") ? String(path.dropLast(8)) : path
  }
}
