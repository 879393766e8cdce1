#if CLI && SQLite && Server
  import CEL
  import Logging
  import PolicyEngine
  import PolicyGate

  /// Writes each entry of a log as one line of JSON.
  struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      var writer = JSONWriter()
      writer.beginObject()
      writer.name("time")
      writer.value(CELValue.timestamp(milliseconds: System.milliseconds()))
      writer.member("level", event.level.rawValue)
      writer.member("message", event.message.description)
      let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
      for (name, value) in all.sorted(by: { $0.key < $1.key }) {
        writer.member(name, value.description)
      }
      writer.endObject()
      writer.endLine()
      // Where nobody reads the log, the server goes on.
      try? System.write(writer.bytes, to: System.standardError)
    }
  }
#endif
