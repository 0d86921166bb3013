namespace Wharf.Tables;

internal enum TokenKind
{
    End,
    Name,
    Int,
    Long,
    Float,
    Double,
    Text,

    /// <summary>What stands between single quotes: a character or a time.</summary>
    Quoted,
    Symbol,
}

/// <summary>A piece of a formula.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A name, a symbol, or the content of a literal with its escapes resolved.</param>
/// <param name="Position">Where it begins.</param>
/// <param name="Value">The number of a number literal, or the quote of a text.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, object? Value = null);
