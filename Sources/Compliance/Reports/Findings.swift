import CEL
public import PolicyEngine

/// What a code of findings means, for tools that show it beside them.
public struct FindingKind: Sendable {
  /// The code.
  public let code: String
  /// What it is about, in a sentence.
  public let summary: String
  /// What to do about it.
  public let help: String
  /// The page that says more.
  public let page: String?

  /// A kind from its parts.
  public init(code: String, summary: String, help: String, page: String? = nil) {
    (self.code, self.summary, self.help, self.page) = (code, summary, help, page)
  }
}

/// Findings in the formats that CI systems read: whatever found them.
public enum FindingReport {
  /// SARIF 2.1.0, one run.
  ///
  /// - Parameters:
  ///   - findings: what was found, with its place; excerpts are left out.
  ///   - kinds: what the codes mean; a code that is not among them stands for itself.
  public static func sarif(
    _ findings: [LoadDiagnostic], kinds: [FindingKind] = [], version: String
  ) -> String {
    var codes = kinds.map(\.code)
    for finding in findings where !codes.contains(finding.code) { codes.append(finding.code) }
    var writer = JSONWriter(.pretty)
    writer.beginObject()
    writer.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
    writer.member("version", "2.1.0")
    writer.name("runs")
    writer.beginArray()
    writer.beginObject()
    writer.name("tool")
    writer.beginObject()
    writer.name("driver")
    writer.beginObject()
    writer.member("name", "modelgate")
    writer.member("version", version)
    writer.name("rules")
    writer.beginArray()
    for code in codes { write(code, kinds.first { $0.code == code }, &writer) }
    writer.endArray()
    writer.endObject()
    writer.endObject()
    writer.member("columnKind", "unicodeCodePoints")
    writer.name("results")
    writer.beginArray()
    for finding in findings {
      write(finding, codes.firstIndex(of: finding.code) ?? 0, &writer)
    }
    writer.endArray()
    writer.endObject()
    writer.endArray()
    writer.endObject()
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }

  private static func write(_ code: String, _ kind: FindingKind?, _ writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("id", code)
    if let kind {
      text("shortDescription", kind.summary, &writer)
      text("help", kind.help, &writer)
      if let page = kind.page { writer.member("helpUri", page) }
    }
    writer.endObject()
  }

  private static func text(_ name: String, _ value: String, _ writer: inout JSONWriter) {
    writer.name(name)
    writer.beginObject()
    writer.member("text", value)
    writer.endObject()
  }

  private static func write(
    _ finding: LoadDiagnostic, _ rule: Int, _ writer: inout JSONWriter
  ) {
    writer.beginObject()
    writer.member("ruleId", finding.code)
    writer.member("ruleIndex", rule)
    writer.member("level", finding.severity.rawValue)
    text("message", finding.message + (finding.help.map { "\n\($0)" } ?? ""), &writer)
    writer.name("locations")
    writer.beginArray()
    writer.beginObject()
    writer.name("physicalLocation")
    writer.beginObject()
    writer.name("artifactLocation")
    writer.beginObject()
    writer.member("uri", uri(finding.position.file))
    writer.endObject()
    writer.name("region")
    writer.beginObject()
    writer.member("startLine", finding.position.line)
    writer.member("startColumn", finding.position.column)
    writer.endObject()
    writer.endObject()
    writer.endObject()
    writer.endArray()
    writer.name("partialFingerprints")
    writer.beginObject()
    writer.member("modelgate/v1", fingerprint(finding))
    writer.endObject()
    writer.endObject()
  }

  private static func uri(_ path: String) -> String {
    path.hasPrefix("/") ? "file://" + path.uriPath : path.uriPath
  }

  /// A name for a finding that stays when lines above it come and go.
  private static func fingerprint(_ finding: LoadDiagnostic) -> String {
    var digest = SHA256()
    for part in [finding.code, finding.position.file, finding.message] {
      digest.update(Array("\(part.utf8.count):\(part)".utf8))
    }
    return digest.hex()
  }

  /// Workflow commands of GitHub Actions, one a line: what stands in a job's log is shown beside
  /// the line that it is about.
  public static func github(_ findings: [LoadDiagnostic]) -> String {
    findings.map { finding in
      let place = finding.position
      let text = finding.message + (finding.help.map { "\nhelp: \($0)" } ?? "")
      return
        "::\(finding.severity.rawValue) file=\(property(place.file)),line=\(place.line),col=\(place.column),title=\(property(finding.code))::\(data(text))\n"
    }.joined()
  }

  private static func data(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }

  /// A code quality report of GitLab.
  public static func gitlab(_ findings: [LoadDiagnostic]) -> String {
    var writer = JSONWriter(.pretty)
    var seen: [String: Int] = [:]
    writer.beginArray()
    for finding in findings {
      let base = fingerprint(finding)
      seen[base, default: 0] += 1
      let count = seen[base] ?? 1
      writer.beginObject()
      writer.member("description", finding.message)
      writer.member("check_name", finding.code)
      // Equal ones would be shown once.
      writer.member("fingerprint", count == 1 ? base : "\(base)-\(count)")
      writer.member("severity", finding.severity == .error ? "major" : "minor")
      writer.name("location")
      writer.beginObject()
      writer.member("path", finding.position.file)
      writer.name("lines")
      writer.beginObject()
      writer.member("begin", finding.position.line)
      writer.endObject()
      writer.endObject()
      writer.endObject()
    }
    writer.endArray()
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }
}
