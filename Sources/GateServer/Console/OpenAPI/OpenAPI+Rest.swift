import CEL

/// The operations of Elasticsearch and OpenSearch, which have parameters, forms of errors and free
/// bodies in common, and so are written down in few words each.
struct RestOperation {
  private let tape: JSONTape
  private let node: Int
  private let tag: String

  /// What is written at a node: `id`, `about`, the names of `query` parameters, the body that it
  /// `needs` or `takes`, statuses of `errors`, and whether it always `refuses`.
  init(_ tape: JSONTape, _ node: Int, tag: String) {
    (self.tape, self.node, self.tag) = (tape, node, tag)
  }

  private func text(_ name: String) -> String? {
    tape.member(name, of: node).map { tape.string(of: $0) }
  }

  private func texts(_ name: String) -> [String]? {
    tape.member(name, of: node).map { list in tape.children(of: list).map { tape.string(of: $0) } }
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("operationId", text("id") ?? "")
    writer.member("tags", [tag])
    writer.member("summary", text("about") ?? "")
    if let names = texts("query") {
      writer.name("parameters")
      writer.beginArray()
      for name in names { Self.reference("parameters", name, &writer) }
      writer.endArray()
    }
    writeBody(&writer)
    writer.name("responses")
    writer.beginObject()
    if tape.member("refuses", of: node) == nil { writeSuccess(&writer) }
    var statuses = Set((texts("errors") ?? ["400", "401", "403"]) + ["429", "503"])
    if text("needs") ?? text("takes") != nil { statuses.formUnion(["406", "413"]) }
    for status in statuses.sorted() {
      writer.name(status)
      Self.reference("responses", "RestError", &writer)
    }
    writer.endObject()
    writer.endObject()
  }

  private func writeBody(_ writer: inout JSONWriter) {
    guard let body = text("needs") ?? text("takes") else { return }
    writer.name("requestBody")
    writer.beginObject()
    writer.member("description", body)
    writer.member("required", text("needs") != nil)
    Self.freeContent(&writer)
    writer.endObject()
  }

  private func writeSuccess(_ writer: inout JSONWriter) {
    writer.name("200")
    writer.beginObject()
    writer.member("description", "What was asked for.")
    if text("id") != "ping" { Self.freeContent(&writer) }
    writer.endObject()
  }

  private static func freeContent(_ writer: inout JSONWriter) {
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

  private static func reference(_ kind: String, _ name: String, _ writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("$ref", "#/components/\(kind)/\(name)")
    writer.endObject()
  }
}

extension OpenAPI {
  /// The parameters that operations refer to, as components.
  static func writeParameters(_ tape: JSONTape, to writer: inout JSONWriter) {
    writer.beginObject()
    for name in tape.children(of: tape.root) {
      let parts = Array(tape.children(of: name + 1))
      writer.name(tape.string(of: name))
      writer.beginObject()
      writer.member("name", tape.string(of: name))
      writer.member("in", "query")
      writer.member("description", tape.string(of: parts[1]))
      writer.name("schema")
      writer.write(tape, parts[0])
      writer.endObject()
    }
    writer.endObject()
  }
}
