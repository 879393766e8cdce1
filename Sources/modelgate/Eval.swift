#if CLI
  import ArgumentParser
  import CEL
  import PolicyEngine

  /// `modelgate eval`: one CEL expression.
  struct Eval: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Evaluate a CEL expression: for trying a condition.",
      discussion: """
        Prints the value as a CEL literal, and its type. The members of the JSON object in the --vars file \
        are the expression's variables. With --request, subject, action, resource and context are variables, \
        their properties flattened as conditions of rules see them (roles only as the request gives them).

        EXAMPLES
          modelgate eval '1 + 2'
          modelgate eval 'age >= 18' --vars vars.json
          modelgate eval '"risk" in subject.backend_roles' --request request.json
          echo '{"n": 3}' | modelgate eval 'n * 2' --vars - --format json

        EXIT STATUS
          0   the expression has a value, whatever it is
          1   it is wrong or has no value, or the variables can't be used
          64  wrong usage
        """)

    @Argument(help: ArgumentHelp("The expression.", valueName: "expr"))
    var expression: String

    @Option(
      help: ArgumentHelp(
        "JSON object whose members are variables; - is standard input.", valueName: "file"),
      completion: .file(extensions: ["json"]))
    var vars: String?

    @Option(
      help: ArgumentHelp(
        "AuthZEN evaluation whose parts are variables; - is standard input.", valueName: "file"),
      completion: .file(extensions: ["json"]))
    var request: String?

    @Option(
      help: ArgumentHelp(
        "Extension libraries, separated by commas: \(ExtensionList.names), all or none.",
        valueName: "names"),
      completion: .list(ExtensionList.words))
    var extensions = ExtensionList(extensions: .all)

    @Flag(help: "Print what an evaluation costs at least and at most, in steps of the budget.")
    var cost = false

    @OptionGroup var format: FormatOptions

    func validate() throws {
      if vars == "-", request == "-" { throw ValidationError("- can be given once.") }
    }

    func run() throws {
      let console = Console()
      let findings: [Finding]
      do {
        let given = try vars.map { try Variables.read($0) } ?? []
        let parts = try request.map { try Variables.parts(ofRequest: $0) } ?? []
        try evaluate(given + parts, console)
        return console.flush()
      } catch let error as Variables.Fault {
        findings = [error.finding]
      } catch let error as CompilationError {
        findings = error.diagnostics.map { Finding(hinting($0), in: expression) }
      } catch let error as EvaluationError {
        findings = [Finding(error, in: expression)]
      }
      console.report(findings, as: format.format, pretty: format.pretty)
      console.flush()
      throw ExitCode(Status.unusable)
    }

    private func evaluate(_ variables: [(name: String, value: CELValue)], _ console: Console) throws
    {
      var environment = Environment(extensions: extensions.extensions)
      environment.timeZones = .system
      for variable in variables {
        environment.declare(variable.name, cost ? Variables.type(of: variable.value) : .dyn)
        if cost { Variables.declareSizes(of: variable.value, at: variable.name, in: &environment) }
      }
      let compiled = try environment.compile(expression)
      for warning in compiled.warnings {
        console.error(Finding(warning, in: expression).text(console.errorStyle))
      }
      var evaluator = Evaluator(compiled)
      for variable in variables { try evaluator.bind(variable.name, to: variable.value) }
      let value = try evaluator.evaluate()
      // What the checker knows says more (`list(int)`); where it knows nothing, the value does.
      let type = compiled.type == .dyn ? value.typeName : compiled.type.description
      guard format.format == .json else {
        console.line("\(value.description.shown) \(console.style.faint(": \(type)"))")
        if cost { console.line("cost: \(compiled.cost), took \(evaluator.spent)") }
        return
      }
      var writer = JSONWriter(format.pretty ? .pretty : .compact)
      writer.beginObject()
      writer.name("value")
      writer.value(value)
      writer.member("type", type)
      writer.member("literal", value.description)
      if cost { write(compiled.cost, taken: evaluator.spent, to: &writer) }
      writer.endObject()
      console.document(writer)
    }

    private func write(_ cost: CostEstimate, taken: Int, to writer: inout JSONWriter) {
      writer.name("cost")
      writer.beginObject()
      writer.member("minimum", cost.minimum)
      writer.name("maximum")
      if let maximum = cost.maximum { writer.value(maximum) } else { writer.null() }
      writer.member("taken", taken)
      writer.endObject()
    }

    /// An unknown name is, more often than not, a variable that was not given or a library that was
    /// left out.
    private func hinting(_ diagnostic: Diagnostic) -> Diagnostic {
      guard diagnostic.help == nil else { return diagnostic }
      var diagnostic = diagnostic
      switch diagnostic.code {
      case "undeclared-reference":
        diagnostic.help =
          vars == nil && request == nil
          ? "give variables with `--vars FILE`, or a request with `--request FILE`"
          : "the file has no such member"
      case "undeclared-function" where extensions.extensions != .all:
        diagnostic.help = "`--extensions` leaves libraries out"
      default: break
      }
      return diagnostic
    }
  }

  /// `--extensions strings,math`.
  struct ExtensionList: ExpressibleByArgument, CustomStringConvertible {
    let extensions: Extensions

    private static let known: [(name: String, extensions: Extensions)] = [
      ("bindings", .bindings), ("strings", .strings), ("math", .math), ("encoders", .encoders),
      ("two-variable-comprehensions", .twoVariableComprehensions), ("optionals", .optionals),
      ("network", .network), ("lists", .lists), ("sets", .sets), ("regex", .regex),
    ]
    static let words = known.map(\.name) + ["all", "none"]
    static let names = known.map(\.name).joined(separator: ", ")

    init(extensions: Extensions) { self.extensions = extensions }

    init?(argument: String) {
      var extensions = Extensions.core
      for word in argument.split(separator: ",") {
        switch word {
        case "all": extensions = .all
        case "none": break
        default:
          guard let named = Self.known.first(where: { $0.name == word }) else { return nil }
          extensions.formUnion(named.extensions)
        }
      }
      self.extensions = extensions
    }

    var description: String {
      extensions == .all
        ? "all"
        : Self.known.filter { extensions.contains($0.extensions) }.map(\.name).joined(
          separator: ",")
    }
    var defaultValueDescription: String { description }
  }
#endif
