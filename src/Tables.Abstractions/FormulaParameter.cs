using System.Text.Json.Serialization;

namespace Wharf.Tables;

/// <summary>A value that a formula may use by name: the parameters that a plugin passes to <c>UpdateAsync</c> with the formulas.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TextParameter), "text")]
[JsonDerivedType(typeof(IntParameter), "int")]
[JsonDerivedType(typeof(LongParameter), "long")]
[JsonDerivedType(typeof(DoubleParameter), "double")]
[JsonDerivedType(typeof(BooleanParameter), "boolean")]
[JsonDerivedType(typeof(InstantParameter), "instant")]
public abstract record FormulaParameter
{
    /// <summary>Wraps a .NET value.</summary>
    /// <param name="value">
    /// A <see cref="string"/>, <see cref="int"/>, <see cref="long"/>, <see cref="double"/>, <see cref="float"/>, <see cref="bool"/>,
    /// <see cref="DateTimeOffset"/> or null.
    /// </param>
    /// <returns>The parameter; null becomes a null string.</returns>
    /// <exception cref="ArgumentException">The type of the value is not supported.</exception>
    public static FormulaParameter From(object? value) => value switch
    {
        null => new TextParameter(null),
        string text => new TextParameter(text),
        int number => new IntParameter(number),
        long number => new LongParameter(number),
        double number => new DoubleParameter(number),
        float number => new DoubleParameter(number),
        bool truth => new BooleanParameter(truth),
        DateTimeOffset time => new InstantParameter((time - DateTimeOffset.UnixEpoch).Ticks * 100),
        _ => throw new ArgumentException($"a formula parameter cannot have the type {value.GetType()}", nameof(value)),
    };
}

/// <summary>A string, or null.</summary>
/// <param name="Value">The string.</param>
public sealed record TextParameter(string? Value) : FormulaParameter;

/// <summary>A 32-bit integer.</summary>
/// <param name="Value">The number.</param>
public sealed record IntParameter(int Value) : FormulaParameter;

/// <summary>A 64-bit integer.</summary>
/// <param name="Value">The number.</param>
public sealed record LongParameter(long Value) : FormulaParameter;

/// <summary>A 64-bit floating-point number.</summary>
/// <param name="Value">The number; NaN and the infinities included.</param>
public sealed record DoubleParameter([property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Value)
    : FormulaParameter;

/// <summary>A Boolean.</summary>
/// <param name="Value">The value.</param>
public sealed record BooleanParameter(bool Value) : FormulaParameter;

/// <summary>An instant.</summary>
/// <param name="EpochNanos">Nanoseconds since 1970-01-01T00:00Z.</param>
public sealed record InstantParameter(long EpochNanos) : FormulaParameter;
