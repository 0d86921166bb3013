using Wharf.Tables.Formulas.Functions.Vectors;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>All functions and methods that formulas can call, by name.</summary>
internal static class FunctionLibrary
{
    private static readonly Dictionary<string, Function[]> All = MathFunctions.All
        .Concat(ExactFunctions.All)
        .Concat(FloatingFunctions.All)
        .Concat(ChoiceFunctions.All)
        .Concat(RandomFunctions.All)
        .Concat(NullFunctions.All)
        .Concat(TextFunctions.All)
        .Concat(TimeFunctions.All)
        .Concat(TimeMethods.All)
        .Concat(TimeMethods.OfZoned)
        .Concat(UnitFunctions.All)
        .Concat(ReadingFunctions.All)
        .Concat(CalendarFunctions.All)
        .Concat(ZonedFunctions.All)
        .Concat(ConversionFunctions.All)
        .Concat(BigDecimalFunctions.All)
        .Concat(BigIntegerFunctions.All)
        .Concat(BigNumberMethods.Functions)
        .GroupBy(static function => function.Name, StringComparer.Ordinal)
        .ToDictionary(static group => group.Key, static group => group.ToArray(), StringComparer.Ordinal);

    /// <summary>All signatures.</summary>
    public static IEnumerable<Function> Functions => All.Values.SelectMany(static overloads => overloads);

    /// <summary>Returns the error if no signature matches: the name is unknown, or it does not accept the arguments.</summary>
    public static FormulaError NoOverload(string name, ReadOnlySpan<EngineType> arguments, int position)
    {
        bool isMethod = name[0] == '.';
        string shown = isMethod ? name[1..] : name, kind = isMethod ? "method" : "function";
        string[] known = [.. All.Keys.Concat(VectorFunctions.Names).Concat(OperatorFunctions.Names)
            .Where(candidate => candidate[0] == '.' == isMethod).Distinct()];
        if (!known.Contains(name))
        {
            string? near = NearestName.Of(name, known);
            return new FormulaError(
                $"there is no {kind} {shown} that formulas can call" + (near is null ? "" : $"; did you mean {near.TrimStart('.')}?"),
                position);
        }

        var given = new List<string>();
        foreach (EngineType type in arguments)
            given.Add(type.Kind == EngineKind.Null ? "null" : type.ClassName);
        string[] takes = [.. (All.GetValueOrDefault(name) ?? [])
            .Select(function => $"({string.Join(", ", function.Parameters.Select(static type => type.ClassName))})").Distinct().Take(4)];
        string expected = takes.Length == 0 ? "" : $"; it takes {string.Join(" or ", takes)}";
        return new FormulaError($"the {kind} {shown} does not take ({string.Join(", ", given)}){expected}", position);
    }

    /// <summary>Resolves an overload as Java does: the signature that widens the arguments the least.</summary>
    public static Function? Find(string name, ReadOnlySpan<EngineType> arguments)
    {
        Function? best = null;
        int lowest = int.MaxValue;
        bool isAmbiguous = false;
        foreach (Function candidate in All.GetValueOrDefault(name) ?? [])
        {
            if (candidate.Parameters.Length != arguments.Length || (candidate.IsExact && !arguments.SequenceEqual(candidate.Parameters)))
                continue;
            int cost = 0;
            for (int n = 0; n < arguments.Length && cost >= 0; n++)
                cost = Cost(arguments[n], candidate.Parameters[n]) is var step && step < 0 ? -1 : cost + step;
            if (cost >= 0 && cost <= lowest)
                (best, lowest, isAmbiguous) = (candidate, cost, cost == lowest);
        }

        // The null literal matches every class, so the call is ambiguous if several signatures match.
        return isAmbiguous && IsAnyNull(arguments) ? null : best;
    }

    private static bool IsAnyNull(ReadOnlySpan<EngineType> arguments)
    {
        foreach (EngineType type in arguments)
        {
            if (type.Kind == EngineKind.Null)
                return true;
        }

        return false;
    }

    private static int Cost(EngineType from, EngineType to)
    {
        if (from == to)
            return 0;
        if (from.Kind == EngineKind.Null)
            return to.IsReference ? 1 : -1;
        if (to.Kind == EngineKind.Object)
            return from.IsReference ? 10 : -1;
        if (!from.IsNumeric || !to.IsNumeric || Rank(from) > Rank(to) || to.Kind == EngineKind.Char
            || (to.Kind == EngineKind.Short && from.Kind != EngineKind.Short))
            return -1;
        return Rank(to) - Rank(from);
    }

    private static int Rank(EngineType type) => type.Kind switch
    {
        EngineKind.Byte => 0,
        EngineKind.Short or EngineKind.Char => 1,
        EngineKind.Int => 2,
        EngineKind.Long => 3,
        EngineKind.Float => 4,
        _ => 5,
    };
}
