namespace Wharf.Tables.Formulas;

internal enum TokenKind
{
    End,
    Name,
    Int,
    Long,
    Float,
    Double,
    Text,

    /// <summary>A literal in single quotes: a character or a time.</summary>
    Quoted,
    Symbol,
}

/// <summary>A token of a formula.</summary>
/// <param name="Kind">The kind of token.</param>
/// <param name="Text">A name, a symbol, or the content of a literal with its escapes resolved.</param>
/// <param name="Position">The position in the text.</param>
/// <param name="Value">The value of a number, or the quote of a string.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, object? Value = null);
