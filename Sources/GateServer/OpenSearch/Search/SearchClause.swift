import ModelRegistry

extension OpenSearch {
  /// A query, read: what a document has to be like.
  indirect enum Clause: Sendable {
    case all
    case nothing
    /// The field has one of these values.
    case terms(String, Terms)
    /// The field has a value between two others.
    case range(String, Bounds)
    case exists(String)
    /// At least so many of the words are in the field.
    case words(String, [String], minimum: Int)
    /// The words are in the field, one behind the other; of the last one perhaps only the beginning.
    case phrase(String, [String], lastIsPrefix: Bool)
    /// A value, or a word of a text, is like this.
    case pattern(String, TextPattern)
    case every(of: [Clause])
    /// At least so many.
    case some(of: [Clause], minimum: Int)
    case not(Clause)
    /// The members of an object that is looked at by itself.
    case nested(String, Clause)
  }

  /// Values to look for.
  struct Terms: Sendable {
    var texts: Set<ExactText> = []
    var numbers: [ClosedRange<Double>] = []
    var foldsCase = false
  }

  /// What lies between two values.
  struct Bounds: Sendable {
    enum Bound: Sendable {
      case text(String)
      case number(Double)
    }

    var lower: Bound?
    var upper: Bound?
    var includesLower = true
    var includesUpper = true

    func contains(_ value: FieldValue) -> Bool {
      switch value {
      case .number(let number): isAbove(number) && isBelow(number)
      case .text(let text): isAbove(text) && isBelow(text)
      case .flag(let flag): isAbove("\(flag)") && isBelow("\(flag)")
      }
    }

    private func isAbove(_ number: Double) -> Bool {
      switch lower {
      case .number(let bound): includesLower ? number >= bound : number > bound
      case .text: false
      case nil: true
      }
    }

    private func isBelow(_ number: Double) -> Bool {
      switch upper {
      case .number(let bound): includesUpper ? number <= bound : number < bound
      case .text: false
      case nil: true
      }
    }

    private func isAbove(_ text: String) -> Bool {
      switch lower {
      case .text(let bound):
        bound.precedesByBytes(text) || includesLower && bound.isExactly(text)
      case .number: false
      case nil: true
      }
    }

    private func isBelow(_ text: String) -> Bool {
      switch upper {
      case .text(let bound):
        text.precedesByBytes(bound) || includesUpper && bound.isExactly(text)
      case .number: false
      case nil: true
      }
    }
  }
}

extension OpenSearch.Clause {
  /// Where everything is that is like it, as far as the clause alone can tell.
  var scope: FindScope {
    switch self {
    case .terms("_id", let terms) where !terms.foldsCase: .ids(terms.texts.map(\.text).sorted())
    case .terms("name.keyword", let terms) where !terms.foldsCase:
      .names(terms.texts.map(\.text).sorted())
    case .every(let clauses): clauses.map(\.scope).first { $0 != .everything } ?? .everything
    default: .everything
    }
  }
}
