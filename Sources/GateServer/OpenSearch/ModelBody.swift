import CEL
import ModelRegistry

extension OpenSearch {
  /// What the body of a model's registration says. Members that nobody knows are ignored.
  struct ModelBody: Sendable {
    var name: String?
    var groupID: String?
    var summary: String?
    var function: String?
    var access = GroupAccessParameters()
    /// Members that are kept as they are.
    var configuration: [UInt8] = []
    private var hasSource = false

    /// Whether another service runs it.
    var isRemote: Bool { function == "REMOTE" }
    /// Whether it is one of those that OpenSearch ships.
    var isPretrained: Bool { !hasSource && !isRemote }

    /// Members of a configuration that are kept and told again, in the order in which models are
    /// told.
    static let kept = [
      "model_format", "url", "model_content_size_in_bytes", "model_content_hash_value",
      "model_config", "deploy_setting", "is_enabled", "rate_limiter", "connector_id",
      "guardrails", "interface",
    ]

    init(_ bytes: [UInt8]) throws(ErrorBody) {
      let body = try Body(bytes)
      var kept: [String: Int] = [:]
      for (member, value) in body.members {
        switch member {
        case "name": name = try body.text(value)
        case "model_group_id": groupID = try body.text(value)
        case "description": summary = try body.text(value)
        case "function_name": function = try body.text(value).uppercased()
        case "connector":
          throw .illegalArgument(
            "[connector] would hand over credentials, which are not kept here; name a connector by "
              + "[connector_id]")
        case "url", "connector_id":
          _ = try body.text(value)
          (kept[member], hasSource) = (value, true)
        case _ where Self.kept.contains(member): kept[member] = value
        default: _ = try access.take(member, value, from: body)
        }
      }
      configuration = Self.configuration(function, kept, body)
    }

    private static func configuration(
      _ function: String?, _ kept: [String: Int], _ body: Body
    ) -> [UInt8] {
      guard function != nil || !kept.isEmpty else { return [] }
      var writer = JSONWriter()
      writer.beginObject()
      if let function { writer.member("function_name", function) }
      for name in Self.kept {
        guard let value = kept[name] else { continue }
        writer.name(name)
        writer.value(verbatim: body.tape.source[body.tape.sourceRange(of: value)])
      }
      writer.endObject()
      return writer.bytes
    }
  }
}

extension GroupModel {
  /// What it was registered with, read; nil for nothing.
  var settings: JSONTape? {
    guard !configuration.isEmpty else { return nil }
    var tape = JSONTape()
    do throws(JSONError) {
      try tape.read(configuration, limits: ServerLimits.json)
    } catch {
      return nil
    }
    return tape
  }

  /// What kind of model it is.
  var algorithm: String { Self.algorithm(settings) }

  private static func algorithm(_ settings: JSONTape?) -> String {
    settings.flatMap { tape in
      tape.member("function_name", of: tape.root).map { tape.string(of: $0) }
    } ?? "TEXT_EMBEDDING"
  }

  /// The model as it is told, and as searches see it.
  var document: [UInt8] {
    let settings = settings
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("name", name)
    if let groupID { writer.member("model_group_id", groupID) }
    writer.member("algorithm", Self.algorithm(settings))
    writer.member("model_version", "\(version)")
    if let summary { writer.member("description", summary) }
    if let settings {
      for name in settings.children(of: settings.root)
      where !settings.isString(name, "function_name") {
        writer.name(settings.string(of: name))
        writer.value(verbatim: settings.source[settings.sourceRange(of: name + 1)])
      }
    }
    writer.member("model_state", state)
    writer.member("created_time", createdTime)
    writer.member("last_updated_time", lastUpdatedTime)
    writer.member("is_hidden", isHidden)
    writer.endObject()
    return writer.bytes
  }
}
