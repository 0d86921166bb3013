using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas;

/// <summary>The operators as named functions.</summary>
internal static class OperatorFunctions
{
    private static readonly Dictionary<string, string> OfTwo = new(StringComparer.Ordinal)
    {
        ["eq"] = "==", ["less"] = "<", ["lessEquals"] = "<=", ["greater"] = ">", ["greaterEquals"] = ">=", ["remainder"] = "%",
        ["binaryAnd"] = "&", ["binaryOr"] = "|", ["xor"] = "^",
        ["plus"] = "+", ["minus"] = "-", ["multiply"] = "*", ["divide"] = "/",
    };

    /// <summary>The names that are not also functions of the library.</summary>
    public static IEnumerable<string> Names => OfTwo.Keys.Except(["plus", "minus", "multiply", "divide"]).Append("negate");

    /// <summary>Binds a call by the name of an operator.</summary>
    /// <returns>The operation, or null if the name is not an operator.</returns>
    public static Node? TryBind(string name, Node[] arguments, int position)
    {
        if (name == "negate" && arguments is [{ Type.IsNumeric: true } number])
            return OperatorBinder.Negate(number.Type.Kind < EngineKind.Int ? Conversions.Widen(number, EngineType.Int)! : number, position);
        if (name == "negate" && arguments is [{ Type.IsBig: true } big])
            return OperatorBinder.Negate(big, position);
        if (arguments.Length != 2)
            return null;

        // Operators of arrays, or of an array and a number, have a suffix.
        bool ofArrays = name.EndsWith("Array", StringComparison.Ordinal) && arguments.Any(static argument => argument.Type.IsArray);
        if (!OfTwo.TryGetValue(ofArrays ? name[..^"Array".Length] : name, out string? symbol)
            || ofArrays != arguments.Any(static argument => argument.Type.IsArray))
            return null;

        // Times have separate functions for sums.
        bool isSum = symbol is "+" or "-" or "*" or "/";
        return isSum && !ofArrays && !arguments.All(static argument => argument.Type.IsNumeric || argument.Type.IsBig)
            ? null
            : OperatorBinder.Bind(symbol, arguments[0], arguments[1], position);
    }
}
