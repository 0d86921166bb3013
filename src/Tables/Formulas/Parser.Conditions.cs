using Wharf.Tables.Formulas.Conditions;

namespace Wharf.Tables.Formulas;

/// <summary>Parses the forms that only a whole condition can have: <c>in</c> and <c>includes</c>.</summary>
internal sealed partial class Parser
{
    private static readonly string[] ConditionWords = ["icase", "not", "in", "includes"];

    /// <summary>Parses a condition: an expression, or a column followed by a keyword.</summary>
    public static ConditionSyntax ParseCondition(string text)
    {
        var parser = new Parser(text);
        if (parser.Current.Kind == TokenKind.Name && ConditionWords.Any(word => IsWord(parser._tokens[1], word)))
            return parser.WordCondition();
        return new ExpressionCondition(
            parser.ToEnd(parser.Expression())) { IsOfOneColumn = parser.IsOfOneColumn(), PlainNumber = parser.PlainNumber() };
    }

    /// <summary>Returns whether the tokens are a name, a comparison and a literal, in either order.</summary>
    private bool IsOfOneColumn() =>
        _tokens is [{ Kind: TokenKind.Name }, { Kind: TokenKind.Symbol }, .. var behind, _] && IsPlainLiteral(behind)
        || _tokens is [.. var first, { Kind: TokenKind.Symbol }, { Kind: TokenKind.Name }, _] && IsPlainLiteral(first);

    /// <summary>
    /// Returns whether tokens are a plain literal of the reference server: digits and a decimal point, without exponent, other bases and
    /// most suffixes; or a word.
    /// </summary>
    private static bool IsPlainLiteral(List<Token> tokens) => tokens switch
    {
        [{ Kind: TokenKind.Symbol, Text: "-" } sign, var number] => number.Position == sign.Position + 1 && IsPlainLiteral([number]),
        [{ Kind: TokenKind.Name }] => true,
        [{ Kind: TokenKind.Int or TokenKind.Long, Text: var digits }] => digits.TrimEnd('l', 'L').All(char.IsAsciiDigit),
        [{ Kind: TokenKind.Double or TokenKind.Float, Text: var digits }] =>
            digits.Contains('.', StringComparison.Ordinal) && digits.TrimEnd('f').All(static c => c == '.' || char.IsAsciiDigit(c)),
        _ => false,
    };

    /// <summary>Returns the digits of the number in a condition on one column, if it has no suffix.</summary>
    private string? PlainNumber()
    {
        if (!IsOfOneColumn())
            return null;
        IEnumerable<Token> literal = IsComparison(_tokens[1]) && _tokens[0].Kind == TokenKind.Name ? _tokens.Skip(2) : _tokens.SkipLast(3);
        string text = string.Concat(literal.Select(static token => token.Text));
        return text.AsSpan().TrimStart('-') is { Length: > 0 } digits && digits.IndexOfAnyExcept("0123456789.") < 0 ? text : null;
    }

    private static bool IsComparison(Token token) =>
        token is { Kind: TokenKind.Symbol, Text: "==" or "=" or "!=" or "<" or "<=" or ">" or ">=" };

    private ConditionSyntax WordCondition()
    {
        Token column = Take();
        bool ignoreCase = TakeWord("icase"), isInverted = TakeWord("not");
        if (TakeWord("in"))
            return new InConditionSyntax(column.Position, column.Text, Listed(TakeLiteral), ignoreCase, isInverted);
        if (!TakeWord("includes"))
            throw new FormulaError("'in' or 'includes' is expected", Current.Position);
        bool all = TakeWord("all");
        if (!all)
            TakeWord("any");
        return new IncludesCondition(column.Position, column.Text, Listed(TakeText), ignoreCase, isInverted, all);
    }

    private static bool IsWord(Token token, string word) =>
        token.Kind == TokenKind.Name && token.Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private bool TakeWord(string word)
    {
        bool isThere = IsWord(Current, word);
        if (isThere)
            Take();
        return isThere;
    }

    private List<T> Listed<T>(Func<T> take)
    {
        // Extra commas are ignored.
        var listed = new List<T>();
        do
        {
            while (Is(","))
                Take();
            if (listed.Count == 0 || Current.Kind != TokenKind.End)
                listed.Add(take());
        }
        while (Is(","));
        return Current.Kind == TokenKind.End ? listed : throw Unexpected();
    }

    private ListedLiteral TakeLiteral()
    {
        bool isNegative = Is("-");
        if (isNegative || Is("+"))
            Take();
        Token token = Current;
        bool isNumber = token.Kind is TokenKind.Int or TokenKind.Long or TokenKind.Float or TokenKind.Double or TokenKind.Name;
        if (!isNumber && (isNegative || token.Kind is not (TokenKind.Text or TokenKind.Quoted)))
            throw new FormulaError("a list of numbers or strings is expected", token.Position);
        return new ListedLiteral(Take(), isNegative);
    }

    private string TakeText() =>
        Current.Kind is TokenKind.Text or TokenKind.Quoted ? Take().Text : throw new FormulaError("a string is expected", Current.Position);
}
