import CEL

extension OpenAPI {
  /// What is written about OpenSearch's API. Its bodies are OpenSearch's, whose documents describe
  /// them; here stand what a call does and how it can go wrong.
  static var openSearchOperations: String {
    var writer = JSONWriter()
    writer.beginObject()
    for call in openSearchCalls {
      writer.name("\(call.method) \(call.pattern)")
      write(call, to: &writer)
    }
    writer.endObject()
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private struct WrittenCall {
    let method: String
    let pattern: String
    let id: String
    let summary: String
    var body: Body = .none
    var errors = ["400", "401", "403", "404"]

    enum Body { case none, optional, required }

    init(
      _ method: String, _ pattern: String, _ id: String, _ summary: String, body: Body = .none,
      errors more: [String] = []
    ) {
      (self.method, self.pattern, self.id, self.summary) = (method, pattern, id, summary)
      self.body = body
      errors += more
    }
  }

  private static func write(_ call: WrittenCall, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("operationId", call.id)
    writer.name("tags")
    writer.beginArray()
    writer.value("OpenSearch")
    writer.endArray()
    writer.member("summary", call.summary)
    if call.body != .none {
      writer.name("requestBody")
      writer.beginObject()
      writer.member("required", call.body == .required)
      writeObject(to: &writer)
      writer.endObject()
    }
    writer.name("responses")
    writer.beginObject()
    if call.errors.first != "501" {
      writer.name("200")
      writer.beginObject()
      writer.member("description", "What was asked for, or what was done.")
      writeObject(to: &writer)
      writer.endObject()
    }
    for status in call.errors {
      writer.name(status)
      writer.beginObject()
      writer.member("$ref", "#/components/responses/OpenSearchError")
      writer.endObject()
    }
    writer.endObject()
    writer.endObject()
  }

  private static func writeObject(to writer: inout JSONWriter) {
    writer.name("content")
    writer.beginObject()
    writer.name("application/json")
    writer.beginObject()
    writer.name("schema")
    writer.beginObject()
    writer.member("type", "object")
    writer.endObject()
    writer.endObject()
    writer.endObject()
  }

  private static let openSearchCalls: [WrittenCall] = {
    let (groups, models) = ("/_plugins/_ml/model_groups", "/_plugins/_ml/models")
    let settings = "/_cluster/settings"
    return [
      .init(
        "POST", "\(groups)/_register", "registerModelGroup", "Register a model group.",
        body: .required, errors: ["406", "409"]),
      .init(
        "GET", "\(groups)/_search", "searchModelGroups", "Search for model groups.",
        body: .optional, errors: ["406"]),
      .init(
        "POST", "\(groups)/_search", "searchModelGroupsByPost", "Search for model groups.",
        body: .optional, errors: ["406"]),
      .init("GET", "\(groups)/{id}", "getModelGroup", "Read a model group."),
      .init(
        "PUT", "\(groups)/{id}", "updateModelGroup", "Change a model group.", body: .required,
        errors: ["406", "409"]),
      .init(
        "DELETE", "\(groups)/{id}", "deleteModelGroup", "Delete a model group.", errors: ["409"]),
      .init(
        "POST", "\(models)/_register", "registerModel", "Register a model in a group.",
        body: .required, errors: ["406", "409"]),
      .init(
        "GET", "\(models)/_search", "searchModels", "Search for models.", body: .optional,
        errors: ["406"]),
      .init(
        "POST", "\(models)/_search", "searchModelsByPost", "Search for models.", body: .optional,
        errors: ["406"]),
      .init("GET", "\(models)/{id}", "getModel", "Read a model."),
      .init(
        "PUT", "\(models)/{id}", "updateModel",
        "Change a model's name, description or group.", body: .required, errors: ["406", "409"]),
      .init("DELETE", "\(models)/{id}", "deleteModel", "Delete a model.", errors: ["409"]),
      .init(
        "POST", "\(models)/{id}/_deploy", "deployModel", "Note that a model shall run.",
        body: .optional, errors: ["406", "409"]),
      .init(
        "POST", "\(models)/{id}/_undeploy", "undeployModel", "Note that a model shall not run.",
        body: .optional, errors: ["406", "409"]),
      .init(
        "POST", "\(models)/_undeploy", "undeployModels", "Note that models shall not run.",
        body: .required, errors: ["406", "409"]),
      .init(
        "POST", "\(models)/{id}/_predict", "predict", "Call a model, if the caller may.",
        body: .optional, errors: ["406", "501"]),
      .init(
        "POST", "/_plugins/_ml/_predict/{algorithm}/{id}", "predictWithAlgorithm",
        "Call a model, if the caller may.", body: .optional, errors: ["406", "501"]),
      .init(
        "GET", "/_plugins/_ml/tasks/{task}", "getTask",
        "Read the task of a registration or a deployment."),
      .init("GET", settings, "getClusterSettings", "Read the switch of model access control."),
      .init(
        "PUT", settings, "putClusterSettings", "Turn model access control on or off.",
        body: .required, errors: ["406"]),
      .init("GET", "/_plugins/_security/authinfo", "authInfo", "Who is calling."),
    ] + SecurityListing.allCases.flatMap(written)
  }()

  private static func written(_ listing: SecurityListing) -> [WrittenCall] {
    let path = "/_plugins/_security/api/\(listing.rawValue)"
    let (one, all) = ("\(path)/{name}", "\(listing)".capitalizedASCII)
    let unserved = "Refused: changes are made elsewhere."
    var calls: [WrittenCall] = [
      .init("GET", path, "list\(all)", "List \(listing)."),
      .init("GET", one, "getOneOf\(all)", "Read one of the \(listing)."),
    ]
    for (method, path) in [("PUT", one), ("DELETE", one), ("PATCH", one), ("PATCH", path)] {
      let name = "\(method.lowercased())\(path == one ? "OneOf" : "")\(all)"
      var call = WrittenCall(method, path, name, unserved)
      call.errors = ["501", "401"]
      calls.append(call)
    }
    return calls
  }
}

extension String {
  /// The first letter in upper case.
  fileprivate var capitalizedASCII: String { prefix(1).uppercased() + dropFirst() }
}
