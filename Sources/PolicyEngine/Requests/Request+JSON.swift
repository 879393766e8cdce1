package import CEL

extension Request {
  /// The request as an AuthZEN 1.0 evaluation, members of properties sorted by name, so that equal
  /// requests have equal texts.
  public func json(pretty: Bool = false) -> String {
    var writer = JSONWriter(pretty ? .pretty : .compact)
    write(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("subject")
    subject.write(to: &writer)
    writer.name("action")
    writer.beginObject()
    writer.member("name", action.name)
    Self.write(action.properties, "properties", &writer)
    writer.endObject()
    writer.name("resource")
    resource.write(to: &writer)
    Self.write(context, "context", &writer)
    writer.endObject()
  }

  /// Nothing at all for no properties.
  fileprivate static func write(
    _ properties: [String: CELValue], _ name: String, _ writer: inout JSONWriter
  ) {
    guard !properties.isEmpty else { return }
    writer.name(name)
    writer.beginObject()
    if properties.count == 1, let (name, value) = properties.first {
      writer.name(name)
      writer.value(value)
    } else {
      let sorted = properties.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (name, value) in sorted {
        writer.name(name)
        writer.value(value)
      }
    }
    writer.endObject()
  }
}

extension Request.Entity {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("type", type)
    writer.member("id", id)
    Request.write(properties, "properties", &writer)
    writer.endObject()
  }
}
