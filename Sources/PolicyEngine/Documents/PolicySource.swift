public import CEL

/// One rule file: its name and its bytes, not yet read.
public struct PolicySource: Sendable {
  /// How messages call the file: a path, as a rule.
  public let name: String
  /// What is in it.
  public let bytes: [UInt8]

  /// A file with this name and content.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// A place in a rule file, counted from 1; columns count code points.
public struct SourcePosition: Hashable, Sendable, CustomStringConvertible {
  /// The file's name.
  public let file: String
  /// Line, from 1.
  public let line: Int
  /// Column, from 1.
  public let column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file:line:column`, as compilers and editors write it.
  public var description: String { "\(file):\(line):\(column)" }
}

/// One thing that is wrong with a rule file, with its place.
public struct LoadDiagnostic: Error, Hashable, Sendable {
  /// A stable name such as `unknown-field`, `duplicate-id`, `no-such-overload`.
  public let code: String
  /// What is wrong: lower case, no full stop.
  public let message: String
  /// What to do about it, if that is known.
  public let help: String?
  /// Where.
  public let position: SourcePosition
  /// The line and a caret under the place; empty if there is no line to show.
  public let excerpt: String
  /// Whether the set can't be used.
  public let severity: Diagnostic.Severity

  package init(
    code: String, message: String, help: String?, position: SourcePosition, excerpt: String = "",
    severity: Diagnostic.Severity = .error
  ) {
    (self.code, self.message, self.help) = (code, message, help)
    (self.position, self.excerpt, self.severity) = (position, excerpt, severity)
  }
}

extension LoadDiagnostic: CustomStringConvertible {
  /// The message as compilers print it: place, message, line, caret, help.
  public var description: String {
    var text = "\(position): \(severity.rawValue): \(message) [\(code)]"
    let lines = excerpt.split(separator: "\n", omittingEmptySubsequences: false)
    if !excerpt.isEmpty { text += lines.map { "\n  | \($0)" }.joined() }
    if let help { text += "\n  help: \(help)" }
    return text
  }
}

/// Everything that prevents a policy set from being loaded, in the order of files and places.
public struct PolicyLoadError: Error, Sendable, CustomStringConvertible {
  /// At least one error; warnings may be among them.
  public let diagnostics: [LoadDiagnostic]

  package init(diagnostics: [LoadDiagnostic]) { self.diagnostics = diagnostics }

  /// Every diagnostic, one below the other.
  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

/// A rule file that was read as JSON.
package struct SourceFile: Sendable {
  package let name: String
  package let tape: JSONTape
  package let lines: LineMap
  package let index: Int

  /// Reads a source as JSON, within the limits of rule files.
  package init(reading source: PolicySource, index: Int) throws(LoadDiagnostic) {
    var tape = JSONTape()
    do throws(JSONError) {
      try tape.read(
        source.bytes,
        limits: JSONLimits(bytes: EngineLimits.fileBytes, depth: 64, nodes: EngineLimits.fileValues)
      )
    } catch {
      let lines = LineMap(source.bytes)
      let place = lines.position(of: error.offset)
      let excerpt = SourceExcerpt(
        of: source.bytes, at: SourceSpan(error.offset, error.offset + 1), lines)
      throw LoadDiagnostic(
        code: "json-\(error.code.rawValue)", message: error.message, help: error.help,
        position: SourcePosition(file: source.name, line: place.line, column: place.column),
        excerpt: error.code == .invalidUTF8 || error.code == .tooLarge ? "" : excerpt.text)
    }
    self.init(name: source.name, tape: tape, lines: LineMap(source.bytes), index: index)
  }

  private init(name: String, tape: JSONTape, lines: LineMap, index: Int) {
    (self.name, self.tape, self.lines, self.index) = (name, tape, lines, index)
  }

  /// The same as the file of another number.
  func numbered(_ index: Int) -> SourceFile {
    SourceFile(name: name, tape: tape, lines: lines, index: index)
  }

  package func position(of offset: Int) -> SourcePosition {
    let place = lines.position(of: offset)
    return SourcePosition(file: name, line: place.line, column: place.column)
  }

  package func position(ofNode node: Int) -> SourcePosition {
    position(of: tape.sourceRange(of: node).lowerBound)
  }

  package func diagnostic(
    _ code: String, _ message: String, at range: Range<Int>, help: String? = nil,
    severity: Diagnostic.Severity = .error
  ) -> LoadDiagnostic {
    let excerpt = SourceExcerpt(
      of: tape.source, at: SourceSpan(range.lowerBound, range.upperBound), lines)
    return LoadDiagnostic(
      code: code, message: message, help: help, position: position(of: range.lowerBound),
      excerpt: excerpt.text, severity: severity)
  }

  /// A diagnostic of the expression language, moved to where the expression stands in the file.
  package func diagnostic(_ diagnostic: Diagnostic, inString node: Int, offset: Int = 0)
    -> LoadDiagnostic
  {
    let start = tape.sourceOffset(
      ofDecodedByte: offset + Int(diagnostic.span.start), inString: node)
    let end = tape.sourceOffset(ofDecodedByte: offset + Int(diagnostic.span.end), inString: node)
    return self.diagnostic(
      diagnostic.code, diagnostic.message, at: start..<max(start, end), help: diagnostic.help,
      severity: diagnostic.severity)
  }
}
