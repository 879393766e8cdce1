import ModelRegistry
import Synchronization

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

extension OpenSearch {
  /// How much work one search may be, however it is put together: comparisons, each for about so
  /// many characters.
  final class SearchBudget: Sendable {
    private let left = Atomic<Int>(ServerLimits.searchSteps)

    /// Whether it has been spent: what was found then means nothing.
    var isSpent: Bool { left.load(ordering: .relaxed) <= 0 }

    func take(_ steps: Int) -> Bool {
      left.wrappingSubtract(steps, ordering: .relaxed).newValue > 0
    }
  }

  /// Asks documents whether they are like a clause.
  struct Matcher: Sendable {
    let schema: Schema
    let budget = SearchBudget()

    /// Whether a document is like a clause. When the budget is spent, none is.
    func matches(_ clause: Clause, _ document: some Searchable, in scope: String? = nil) -> Bool {
      guard budget.take(1) else { return false }
      switch clause {
      case .all: return true
      case .nothing: return false
      case .every(let clauses): return clauses.allSatisfy { matches($0, document, in: scope) }
      case .some(let clauses, let minimum):
        return clauses.lazy.filter { matches($0, document, in: scope) }.prefix(minimum).count
          >= minimum
      case .not(let clause): return !matches(clause, document, in: scope) && !budget.isSpent
      case .nested(let path, let clause): return matches(clause, document, in: path)
      case .exists(let path): return !values(path, document, scope).isEmpty
      case .range(let path, let bounds):
        return values(path, document, scope).contains { hasOne($0, path) { bounds.contains($0) } }
      case .terms(let path, let terms):
        return values(path, document, scope).contains { hasOne($0, path) { has(terms, $0) } }
      case .pattern(let path, let pattern):
        return values(path, document, scope).contains { value in
          hasOne(value, path) { value in
            guard case .text(let text) = value, budget.take(1 + text.utf8.count * pattern.cost / 8)
            else { return false }
            return pattern.matches(text)
          }
        }
      case .words(let path, let wanted, let minimum):
        let found = Set(values(path, document, scope).flatMap { words(of: $0) })
        return wanted.count { found.contains(ExactText($0)) } >= minimum
      case .phrase(let path, let wanted, let lastIsPrefix):
        return values(path, document, scope).contains {
          Self.holds(words(of: $0), wanted.map(ExactText.init), lastIsPrefix)
        }
      }
    }

    private func values(
      _ path: String, _ document: some Searchable, _ scope: String?
    ) -> [FieldValue] {
      schema.scope(path) == scope && schema.kind(path) != nil ? document.values(of: path) : []
    }

    /// Whether a value as a whole, or for texts one of its words, passes a test.
    private func hasOne(
      _ value: FieldValue, _ path: String, _ test: (FieldValue) -> Bool
    ) -> Bool {
      guard schema.kind(path) == .text else { return test(value) }
      return words(of: value).contains { test(.text($0.text)) }
    }

    private func words(of value: FieldValue) -> [ExactText] {
      guard case .text(let text) = value, budget.take(1 + text.utf8.count / 2) else { return [] }
      return OpenSearch.words(text).map(ExactText.init)
    }

    private func has(_ terms: Terms, _ value: FieldValue) -> Bool {
      switch value {
      case .text(let text):
        return terms.texts.contains(ExactText(terms.foldsCase ? OpenSearch.folded(text) : text))
      case .flag(let flag): return terms.texts.contains(ExactText("\(flag)"))
      case .number(let number):
        guard budget.take(terms.numbers.count / 8) else { return false }
        return terms.numbers.contains { $0.contains(number) }
      }
    }

    /// Whether some words are followed by others, right behind each other.
    private static func holds(
      _ words: [ExactText], _ wanted: [ExactText], _ lastIsPrefix: Bool
    ) -> Bool {
      guard !wanted.isEmpty, words.count >= wanted.count else { return false }
      return (0...words.count - wanted.count).contains { start in
        wanted.indices.allSatisfy { index in
          let word = words[start + index]
          return word == wanted[index]
            || lastIsPrefix && index == wanted.count - 1
              && word.text.utf8.starts(with: wanted[index].text.utf8)
        }
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
