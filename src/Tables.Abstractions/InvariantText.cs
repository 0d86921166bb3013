using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Wharf.Tables;

/// <summary>Formats interpolated messages for clients in the invariant culture.</summary>
/// <param name="literalLength">The number of literal characters.</param>
/// <param name="formattedCount">The number of interpolations.</param>
[InterpolatedStringHandler]
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct InvariantText(int literalLength, int formattedCount)
{
    private DefaultInterpolatedStringHandler _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    /// <summary>Appends literal text.</summary>
    /// <param name="text">The text.</param>
    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    /// <summary>Appends a value.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value.</param>
    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    /// <summary>Appends a value in a format.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="format">The format.</param>
    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    /// <summary>Appends characters.</summary>
    /// <param name="text">The characters.</param>
    public void AppendFormatted(ReadOnlySpan<char> text) => _text.AppendFormatted(text);

    /// <summary>Returns the text and ends the handler.</summary>
    /// <returns>The text.</returns>
    public string ToStringAndClear() => _text.ToStringAndClear();
}
