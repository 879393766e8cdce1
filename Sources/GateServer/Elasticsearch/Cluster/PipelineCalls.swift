import CEL
import ModelRegistry

/// Ingest pipelines, as far as they concern models: the registry keeps which names they use.
extension Exchange {
  /// `PUT /_ingest/pipeline/{id}`
  func putPipeline() throws(ErrorBody) -> Route.Action {
    try checkTimes("master_timeout", "timeout")
    let operation = PutPipeline(name("id"), naming: try PipelineNames.read(request))
    let call = try call()
    return { acknowledged(try await perform(operation, call).decision) }
  }

  /// `DELETE /_ingest/pipeline/{id}`
  func deletePipeline() throws(ErrorBody) -> Route.Action {
    try checkTimes("master_timeout", "timeout")
    let operation = DeletePipeline(name("id"))
    let call = try call()
    return { acknowledged(try await perform(operation, call).decision) }
  }

  /// `GET /_ingest/pipeline`, `GET /_ingest/pipeline/{id}`: the inference processors of each.
  func getPipelines() throws(ErrorBody) -> Route.Action {
    try checkTimes("master_timeout")
    _ = try flag("summary")
    let expression = try ModelExpression(name("id"))
    let call = try call()
    return {
      var found: [IngestPipeline] = []
      var page = Page<IngestPipeline>?.none
      repeat {
        let next = try await search(
          ListPipelines(
            after: page?.next, limit: RegistryLimits.pageSize,
            matching: { expression.matches([$0.id]) }), call)
        found += next.items
        page = next
      } while page?.next != nil
      let missing = expression.unmatched(by: found.map(\.id), allowNoMatch: true)
      let status = found.isEmpty && !missing.isEmpty ? 404 : 200
      return WireResponse.json(status) { writer in
        writer.beginObject()
        for pipeline in found { PipelineNames.write(pipeline, to: &writer) }
        writer.endObject()
      }
    }
  }
}

/// Which models, aliases and deployments a pipeline names.
enum PipelineNames {
  /// Reads the body of a pipeline.
  static func read(_ request: WireRequest) throws(ErrorBody) -> [String] {
    let body = try BodyObject(request, "pipeline")
    guard try body.objects("processors") != nil else {
      throw required("processors", [])
    }
    _ = try body.objects("on_failure")
    return try names(body.tape)
  }

  /// What `inference` processors name, at any depth: in `foreach`, in `on_failure`, wherever a
  /// processor can stand. What only looks like one is counted too: that keeps a model that nobody
  /// needs, the other way round would break a pipeline.
  private static func names(_ tape: JSONTape) throws(ErrorBody) -> [String] {
    var names: [String] = []
    // A tape lists names and values of all levels one after another.
    for node in tape.nodes.indices where tape.kind(of: node) == .object {
      for key in tape.children(of: node) where tape.isString(key, "inference") {
        guard tape.kind(of: key + 1) == .object else { continue }
        guard let value = tape.member("model_id", of: key + 1),
          tape.kind(of: value) == .string
        else { throw required("model_id", [("processor_type", "inference")]) }
        names.append(tape.string(of: value))
      }
    }
    return names
  }

  private static func required(_ name: String, _ more: [(String, CELValue)]) -> ErrorBody {
    var error = ErrorBody(400, "parse_exception", "[\(name)] required property is missing")
    error.members = [("property_name", .string(name))] + more.map { (name: $0.0, value: $0.1) }
    return error
  }

  /// Writes what is known of a pipeline.
  static func write(_ pipeline: IngestPipeline, to writer: inout JSONWriter) {
    writer.name(pipeline.id)
    writer.beginObject()
    writer.name("processors")
    writer.beginArray()
    for name in pipeline.names {
      writer.beginObject()
      writer.name("inference")
      writer.beginObject()
      writer.member("model_id", name)
      writer.endObject()
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }
}
