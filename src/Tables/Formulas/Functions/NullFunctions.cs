using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>Functions that replace null. <c>isNull</c> accepts any type and is bound separately.</summary>
internal static class NullFunctions
{
    public static IEnumerable<Function> All =>
    [
        Replace<sbyte>(EngineType.Boolean), Replace<sbyte>(EngineType.Byte), Replace<short>(EngineType.Short),
        Replace<char>(EngineType.Char),
        Replace<int>(EngineType.Int), Replace<long>(EngineType.Long), Replace<float>(EngineType.Float), Replace<double>(EngineType.Double),
        Replace<string?>(EngineType.String), Replace<long>(EngineType.Instant), Replace<long>(EngineType.LocalDate),
        Replace<long>(EngineType.LocalTime),
        Replace<long>(EngineType.Duration),
    ];

    private static Function Replace<T>(EngineType type) => Function.Of<T, T, T>(
        "replaceIfNull", type, type, type,
        static (value, other) => EqualityComparer<T>.Default.Equals(value, Null<T>.Value) ? other : value, NullRule.Pass);
}
