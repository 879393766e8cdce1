import ModelRegistry
import Synchronization

extension OpenSearch {
  /// How much work one search may be, however it is put together: comparisons, each for about so
  /// many characters.
  package final class SearchBudget: Sendable {
    private let left = Atomic<Int>(ServerLimits.searchSteps)

    package init() {}

    /// Whether it has been spent: what was found then means nothing.
    package var isSpent: Bool { left.load(ordering: .relaxed) <= 0 }

    /// Takes steps; whether any are left then.
    package func take(_ steps: Int) -> Bool {
      left.wrappingSubtract(steps, ordering: .relaxed).newValue > 0
    }
  }
}

extension OpenSearch {
  /// Asks documents whether they are like a clause.
  struct Matcher: Sendable {
    let schema: Schema
    let budget = SearchBudget()

    /// Whether a document is like a clause. When the budget is spent, none is.
    func matches(_ clause: Clause, _ document: some Searchable) -> Bool {
      Examination(document, schema, budget).matches(clause, in: nil)
    }
  }

  /// One document that is looked at: its values and their words are worked out once, however many
  /// clauses ask for them.
  private final class Examination<Document: Searchable> {
    private let document: Document
    private let schema: Schema
    private let budget: SearchBudget
    private var values: [String: [FieldValue]] = [:]
    private var words: [String: [[ExactText]]] = [:]

    init(_ document: Document, _ schema: Schema, _ budget: SearchBudget) {
      (self.document, self.schema, self.budget) = (document, schema, budget)
    }

    func matches(_ clause: Clause, in scope: String?) -> Bool {
      guard budget.take(1) else { return false }
      switch clause {
      case .all: return true
      case .nothing: return false
      case .every(let clauses): return clauses.allSatisfy { matches($0, in: scope) }
      case .some(let clauses, let minimum):
        return clauses.lazy.filter { self.matches($0, in: scope) }.prefix(minimum).count >= minimum
      case .not(let clause): return !matches(clause, in: scope) && !budget.isSpent
      case .nested(let path, let clause): return matches(clause, in: path)
      case .exists(let path): return !values(path, scope).isEmpty
      case .range(let path, let bounds): return hasOne(path, scope) { bounds.contains($0) }
      case .terms(let path, let terms): return hasOne(path, scope) { has(terms, $0) }
      case .pattern(let path, let pattern):
        return hasOne(path, scope) { value in
          guard case .text(let text) = value, budget.take(1 + text.utf8.count * pattern.cost / 8)
          else { return false }
          return pattern.matches(text)
        }
      case .words(let path, let wanted, let minimum):
        let found = words(path, scope)
        return wanted.count { word in found.contains { has($0, ExactText(word)) } } >= minimum
      case .phrase(let path, let wanted, let lastIsPrefix):
        let phrase = wanted.map(ExactText.init)
        return words(path, scope).contains { words in
          budget.take(words.count / 8) && Self.holds(words, phrase, lastIsPrefix)
        }
      }
    }

    private func has(_ words: [ExactText], _ word: ExactText) -> Bool {
      budget.take(words.count / 8) && words.contains(word)
    }

    private func values(_ path: String, _ scope: String?) -> [FieldValue] {
      guard schema.scope(path) == scope, schema.kind(path) != nil else { return [] }
      if let known = values[path] { return known }
      let found = document.values(of: path)
      values[path] = found
      return found
    }

    /// The words of each value.
    private func words(_ path: String, _ scope: String?) -> [[ExactText]] {
      let values = values(path, scope)
      if let known = words[path] { return values.isEmpty ? [] : known }
      let found = values.map { value -> [ExactText] in
        guard case .text(let text) = value, budget.take(1 + text.utf8.count / 2) else { return [] }
        return OpenSearch.words(text).map(ExactText.init)
      }
      if !values.isEmpty { words[path] = found }
      return found
    }

    /// Whether a value as a whole, or for texts one of its words, passes a test.
    private func hasOne(
      _ path: String, _ scope: String?, _ test: (FieldValue) -> Bool
    ) -> Bool {
      guard schema.kind(path) == .text else { return values(path, scope).contains(where: test) }
      return words(path, scope).contains { words in
        budget.take(words.count / 8) && words.contains { test(.text($0.text)) }
      }
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
