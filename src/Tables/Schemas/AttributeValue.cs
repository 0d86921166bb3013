using System.Globalization;
using Wharf.Tables.Formulas;

namespace Wharf.Tables.Schemas;

/// <summary>Parses the values of attributes.</summary>
internal static class AttributeValue
{
    /// <summary>Parses a value.</summary>
    /// <param name="name">The name of the attribute.</param>
    /// <param name="type">The Java class of the value. Values of other classes than the boxed primitives are strings.</param>
    /// <param name="value">The uploaded text.</param>
    /// <returns>The class, and the value in canonical form.</returns>
    /// <exception cref="TableException">The text is not a value of the class.</exception>
    public static (string Type, string Value) Parse(string name, string type, string value)
    {
        string? parsed = type switch
        {
            "java.lang.Boolean" => value.Equals("true", StringComparison.OrdinalIgnoreCase) ? "true" : "false",
            "java.lang.Byte" => ParseInteger(value, sbyte.MinValue, sbyte.MaxValue),
            "java.lang.Short" => ParseInteger(value, short.MinValue, short.MaxValue),
            "java.lang.Integer" => ParseInteger(value, int.MinValue, int.MaxValue),
            "java.lang.Long" => ParseInteger(value, long.MinValue, long.MaxValue),
            "java.lang.Float" => float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
                ? JavaText.Of(number)
                : null,
            "java.lang.Double" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? JavaText.Of(number)
                : null,
            "java.lang.Character" => value.Length > 0 ? value[..1] : null,
            _ => value,
        };
        bool isText = !type.StartsWith("java.lang.", StringComparison.Ordinal)
            || type["java.lang.".Length..] is not ("Boolean" or "Byte" or "Short" or "Integer" or "Long"
                or "Float" or "Double" or "Character");
        return parsed is null
            ? throw new TableException(TableError.InvalidArgument, $"the attribute {name} has a value that is not a {type}: '{value}'")
            : (isText ? "java.lang.String" : type, parsed);
    }

    private static string? ParseInteger(string value, long least, long most) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= least
            && number <= most
            ? number.ToString(CultureInfo.InvariantCulture)
            : null;
}
