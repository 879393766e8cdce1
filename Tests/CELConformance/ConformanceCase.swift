package import CEL
package import Foundation

/// One test of the official suite, as far as it is about JSON-like data.
package struct ConformanceCase: Sendable, CustomStringConvertible {
  package enum Expectation: Sendable {
    case value(CELValue)
    case type(CELType, CELValue?)
    case error
  }

  package let id: String
  package let expression: String
  package let protoClass: String
  package let extensions: [String]
  let checks: Bool
  let macros: Bool
  let checkOnly: Bool
  let container: String
  let variables: [(String, CELType)]
  let functions: [Overload]
  let bindings: [(String, CELValue)]
  let expectation: Expectation

  package var description: String { id }

  /// Reads a file of the suite; tests that need protobuf messages are left out and counted.
  package static func load(
    _ file: URL, classes: Set<String> = ["none", "wkt"]
  ) throws -> (cases: [ConformanceCase], outOfScope: Int) {
    let root =
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
    var cases: [ConformanceCase] = []
    var outOfScope = 0
    for section in root["sections"] as? [[String: Any]] ?? [] {
      for test in section["tests"] as? [[String: Any]] ?? [] {
        guard classes.contains(test["proto_class"] as? String ?? "none") else {
          outOfScope += 1
          continue
        }
        do {
          cases.append(try ConformanceCase(test))
        } catch is SuiteValues.Unsupported {
          outOfScope += 1
        }
      }
    }
    return (cases, outOfScope)
  }

  private init(_ test: [String: Any]) throws {
    id = test["id"] as? String ?? "?"
    expression = test["expr"] as? String ?? ""
    protoClass = test["proto_class"] as? String ?? "none"
    extensions = test["extensions"] as? [String] ?? []
    checks = !(test["disable_check"] as? Bool ?? false)
    macros = !(test["disable_macros"] as? Bool ?? false)
    checkOnly = test["check_only"] as? Bool ?? false
    container = test["container"] as? String ?? ""
    var variables: [(String, CELType)] = []
    var functions: [Overload] = []
    for declaration in test["type_env"] as? [[String: Any]] ?? [] {
      let name = declaration["name"] as? String ?? ""
      if let ident = declaration["ident"] as? [String: Any] {
        variables.append((name, SuiteTypes.type(ident["type"] as? [String: Any] ?? [:])))
      }
      let function = declaration["function"] as? [String: Any]
      for overload in function?["overloads"] as? [[String: Any]] ?? [] {
        functions.append(SuiteTypes.overload(name, overload))
      }
    }
    self.variables = variables
    self.functions = functions
    bindings = try (test["bindings"] as? [String: Any] ?? [:]).sorted { $0.key < $1.key }.map {
      name, binding in
      let value = (binding as? [String: Any])?["value"] as? [String: Any] ?? [:]
      return (name, try SuiteValues.value(value))
    }
    expectation = try Self.expectation(test["expected"] as? [String: Any] ?? [:])
  }

  private static func expectation(_ expected: [String: Any]) throws -> Expectation {
    let value = (expected["value"] as? [String: Any]).map { json in
      Result { try SuiteValues.value(json) }
    }
    switch expected["kind"] as? String {
    case "eval_error": return .error
    case "typed_result":
      return .type(
        SuiteTypes.type(expected["deduced_type"] as? [String: Any] ?? [:]), try value?.get())
    default: return .value(try value?.get() ?? .bool(true))
    }
  }

  /// Nil if the case passes, otherwise what went wrong.
  package func failure() -> String? {
    let extensions = Extensions.all.union(.block)
    var environment = Environment(
      extensions: macros
        ? extensions : extensions.subtracting([.macros, .twoVariableComprehensions]))
    environment.container = container
    environment.checksTypes = checks
    environment.timeZones = SystemZones.zones
    let declared = Set(variables.map(\.0))
    for (name, type) in variables { environment.declare(name, type) }
    for (name, _) in bindings where !declared.contains(name) { environment.declare(name, .dyn) }
    do {
      for function in functions { try environment.declare(function) }
      let compiled = try environment.compile(expression)
      return judge(compiled)
    } catch {
      // The suite does not say in which phase an error must be found; finding it earlier is fine.
      if case .error = expectation { return nil }
      return "does not compile: \(error)"
    }
  }

  private func judge(_ compiled: CompiledExpression) -> String? {
    if case .type(let type, _) = expectation, compiled.type != type {
      return "type \(compiled.type), expected \(type)"
    }
    if checkOnly { return nil }
    let result = Result { () throws(EvaluationError) in
      try compiled.evaluate(Dictionary(uniqueKeysWithValues: bindings))
    }
    switch (expectation, result) {
    case (.error, .failure): return nil
    case (.error, .success(let value)): return "gives \(value), expected an error"
    case (.value(let wanted), .success(let value)),
      (.type(_, .some(let wanted)), .success(let value)):
      return SuiteValues.same(value, wanted) ? nil : "gives \(value), expected \(wanted)"
    case (.type(_, nil), _): return nil
    case (_, .failure(let error)): return "fails: \(error)"
    }
  }
}
