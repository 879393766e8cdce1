#if CLI
  import CEL
  import PolicyEngine

  /// Something to tell about what somebody wrote: what is wrong, where, and what to do about it.
  struct Finding {
    var severity = Diagnostic.Severity.error
    var code: String
    var message: String
    var help: String?
    var position: SourcePosition?
    /// The line and a caret under the place, or nothing.
    var excerpt = ""

    /// About something that has no lines.
    init(_ code: String, _ message: String, help: String? = nil) {
      self.code = code
      self.message = message
      self.help = help
    }

    init(_ diagnostic: LoadDiagnostic) {
      self.init(diagnostic.code, diagnostic.message, help: diagnostic.help)
      severity = diagnostic.severity
      position = diagnostic.position
      excerpt = diagnostic.excerpt
    }

    /// A diagnostic of an expression that was given on the command line.
    init(_ diagnostic: Diagnostic, in expression: String) {
      self.init(diagnostic.code, diagnostic.message, help: diagnostic.help)
      severity = diagnostic.severity
      show(diagnostic.span, in: expression)
    }

    init(_ error: EvaluationError, in expression: String) {
      self.init(error.code, error.message)
      show(error.span, in: expression)
    }

    private mutating func show(_ span: SourceSpan, in expression: String) {
      let shown = SourceExcerpt(of: Array(expression.utf8), at: span)
      position = SourcePosition(file: "expression", line: shown.line, column: shown.column)
      excerpt = shown.text
    }

    /// A request that can't be used: `text` is what was read, starting at `firstLine` of the file.
    init(_ error: RequestError, in text: [UInt8], file: String, firstLine: Int = 1) {
      self.init(error.code, error.message, help: error.help)
      guard error.line > 0 else { return }
      position = SourcePosition(file: file, line: firstLine + error.line - 1, column: error.column)
      guard error.code != "json-invalidUTF8", !text.isEmpty else { return }
      let line = LineMap(text).lineRange(error.line)
      let place = Self.offset(ofColumn: error.column, in: text[line])
      excerpt = SourceExcerpt(of: text, at: SourceSpan(place, place + 1)).text
    }

    /// Columns count code points, from 1.
    private static func offset(ofColumn column: Int, in line: ArraySlice<UInt8>) -> Int {
      var left = column
      for index in line.indices where line[index] & 0xC0 != 0x80 {
        left -= 1
        if left == 0 { return index }
      }
      return line.endIndex
    }

    // MARK: Telling

    /// As compilers print it: place, message, line, caret, help.
    func text(_ style: Style) -> String {
      let place = position.map { style.bold("\($0.description.shown):") + " " } ?? ""
      let word = severity == .error ? style.red("error:") : style.yellow("warning:")
      var text = "\(place)\(word) \(message.shown) \(style.faint("[\(code)]"))"
      if !excerpt.isEmpty {
        for (index, line) in excerpt.split(separator: "\n", omittingEmptySubsequences: false)
          .enumerated()
        {
          text += "\n  \(style.faint("|")) " + (index == 1 ? style.red(String(line)) : String(line))
        }
      }
      if let help { text += "\n  \(style.cyan("help:")) \(help.shown)" }
      return text
    }

    /// As an object; `also` adds members of its own.
    func write(to writer: inout JSONWriter, also: (inout JSONWriter) -> Void = { _ in }) {
      writer.beginObject()
      writer.member("severity", severity.rawValue)
      writer.member("code", code)
      writer.member("message", message)
      if let help { writer.member("help", help) }
      if let position {
        writer.member("file", position.file)
        writer.member("line", position.line)
        writer.member("column", position.column)
      }
      if !excerpt.isEmpty { writer.member("excerpt", excerpt) }
      also(&writer)
      writer.endObject()
    }
  }

  extension Console {
    /// Tells what is wrong: in text on standard error, or as a document `{"diagnostics": […]}`.
    func report(_ findings: [Finding], as format: OutputFormat, pretty: Bool = false) {
      guard format == .json else {
        for finding in findings { error(finding.text(errorStyle)) }
        return
      }
      var writer = JSONWriter(pretty ? .pretty : .compact)
      writer.beginObject()
      writer.name("diagnostics")
      writer.beginArray()
      for finding in findings { finding.write(to: &writer) }
      writer.endArray()
      writer.endObject()
      document(writer)
    }
  }
#endif
