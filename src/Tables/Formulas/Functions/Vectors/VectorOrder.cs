using System.Numerics;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Functions.Vectors;

/// <summary>Functions that order the elements of a vector. Null is the smallest, NaN the largest.</summary>
internal static class VectorOrder
{
    public static IEnumerable<VectorFunction> All =>
    [
        .. new[] { "sort", "sortDescending", "rank", "rankDescending" }.Select(
            static name => new VectorFunction(name, BindAny) { TakesElements = true }),
        new VectorFunction("median", BindNumbers) { TakesElements = true },
        new VectorFunction("percentile", BindNumbers) { TakesElements = true, VectorAt = 1 },
        new VectorFunction("binSearchIndex", BindNumbers), new VectorFunction("rawBinSearchIndex", BindNumbers),
    ];

    private static Node? BindAny(VectorCall call) => call.Component.Dispatch(new AnyBinder(call));

    private static Node? BindNumbers(VectorCall call) => call.Component.DispatchNumber(new NumberBinder(call));

    private readonly struct AnyBinder(VectorCall call) : IClrDispatch<Node?>
    {
        public Node? Invoke<T>()
        {
            VectorCall of = call;
            if (call.Arguments.Length != 1)
                return null;
            if (call.Component is { IsArray: true } or { IsSortable: false })
                throw new FormulaError($"{call.Name} needs sortable elements, not {call.Component.ClassName}", call.Position);
            bool isDescending = call.Name.EndsWith("Descending", StringComparison.Ordinal);
            if (call.Name.StartsWith("sort", StringComparison.Ordinal))
                return call.Of<T, object?>(call.Component.ArrayOf(), v => new ArrayVector<T>(Sort(of.Elements(v), of, isDescending)));
            return call.Of<T, object?>(EngineType.Int.ArrayOf(), v => new ArrayVector<int>(Ranks(of.Elements(v), of, isDescending)));
        }
    }

    /// <summary>Binds the functions that return the smallest or largest element of a vector of any sortable type.</summary>
    public static Node? BindExtreme(VectorCall call) =>
        call.Component is { IsArray: false, IsSortable: true } ? call.Component.Dispatch(new ExtremeBinder(call)) : null;

    private readonly struct ExtremeBinder(VectorCall call) : IClrDispatch<Node?>
    {
        public Node? Invoke<T>()
        {
            VectorCall of = call;
            return (call.Name, call.Arguments.Length) switch
            {
                ("min", 1) => call.Of<T, T>(call.Component, v => v.GetOrNull(Extreme(v, 1, of))),
                ("max", 1) => call.Of<T, T>(call.Component, v => v.GetOrNull(Extreme(v, -1, of))),
                ("indexOfMin", 1) => call.Of<T, long>(EngineType.Long, v => Extreme(v, 1, of)),
                ("indexOfMax", 1) => call.Of<T, long>(EngineType.Long, v => Extreme(v, -1, of)),
                _ => null,
            };
        }

        private static long Extreme<T>(FormulaVector<T> vector, int sign, VectorCall call)
        {
            long best = Null<long>.Value;
            for (long n = 0; n < vector.Size; n++)
            {
                call.ThrowIfCancelled(n);
                if (!VectorCall.IsNull(vector.GetOrNull(n))
                    && (best < 0 || sign * Compare(vector.GetOrNull(n), vector.GetOrNull(best)) < 0))
                    best = n;
            }

            return best;
        }
    }

    private readonly struct NumberBinder(VectorCall call) : INumberDispatch<Node?>
    {
        public Node? Invoke<T>()
            where T : unmanaged, INumber<T>
        {
            VectorCall of = call;
            switch (call.Name, call.Arguments.Length)
            {
                case ("median", 1): return call.Of<T, double>(EngineType.Double, v => Median(of.Elements(v), of));
                case ("percentile", 2) when call.Argument<double>(0, EngineType.Double) is { } part:
                    return call.Of<T, double, T>(call.Component, part, (v, p) => Percentile(p, of.Elements(v), of));
                case ("binSearchIndex" or "rawBinSearchIndex", 3) when call.Argument<T>(1, call.Component) is { } key
                    && call.Arguments[2] is Node<object?> { Type.Kind: EngineKind.SearchAlgorithm } how:
                    bool isRaw = call.Name[0] == 'r';
                    return call.Of<T, T, object?, int>(
                        EngineType.Int, key, how, (v, value, algorithm) => Search(v, value, (BinarySearch)algorithm!, isRaw));
                default: return null;
            }
        }
    }

    /// <summary>Compares in Java's order: null, the numbers with -0.0 before 0.0, NaN; strings by UTF-16 code unit.</summary>
    private static int Compare<T>(T a, T b)
    {
        bool noA = VectorCall.IsNull(a), noB = VectorCall.IsNull(b);
        if (noA || noB)
            return noB.CompareTo(noA);
        return (a, b) switch
        {
            (double x, double y) => CompareReal(x, y),
            (float x, float y) => CompareReal(x, y),
            (string x, string y) => string.CompareOrdinal(x, y),
            (not IComparable, _) => throw new FormulaError("the elements are not sortable"),
            _ => Comparer<T>.Default.Compare(a, b),
        };
    }

    private static int CompareReal(double x, double y)
    {
        if (double.IsNaN(x) || double.IsNaN(y))
            return double.IsNaN(x).CompareTo(double.IsNaN(y));
        return x < y ? -1 : x > y ? 1 : double.IsNegative(y).CompareTo(double.IsNegative(x));
    }

    private static T[] Sort<T>(T[] elements, VectorCall call, bool isDescending = false) => UnwrapErrors(call, () =>
    {
        long compared = 0;
        Array.Sort(elements, (a, b) =>
        {
            call.ThrowIfCancelled(++compared);
            return Compare(a, b);
        });
        if (isDescending)
            Array.Reverse(elements);
        return elements;
    });

    /// <summary>Array.Sort wraps exceptions of the comparer; cancellations and formula errors are unwrapped.</summary>
    private static TResult UnwrapErrors<TResult>(VectorCall call, Func<TResult> sort)
    {
        try
        {
            return sort();
        }
        catch (InvalidOperationException wrapped) when (wrapped.InnerException is OperationCanceledException)
        {
            throw new OperationCanceledException(call.Cancellation);
        }
        catch (InvalidOperationException wrapped) when (wrapped.InnerException is FormulaError refused)
        {
            throw refused;
        }
    }

    /// <summary>Returns the positions of the elements in their order. The order is stable.</summary>
    private static int[] Ranks<T>(T[] elements, VectorCall call, bool isDescending) => UnwrapErrors(call, () =>
    {
        long compared = 0;
        int sign = isDescending ? -1 : 1;
        var positions = new int[elements.Length];
        for (int n = 0; n < positions.Length; n++)
            positions[n] = n;
        Array.Sort(positions, (a, b) =>
        {
            call.ThrowIfCancelled(++compared);
            int order = sign * Compare(elements[a], elements[b]);
            return order != 0 ? order : a - b;
        });
        return positions;
    });

    private static T[] Values<T>(T[] elements, VectorCall call) =>
        Sort(Array.FindAll(elements, static element => !VectorCall.IsNull(element)), call);

    private static double Median<T>(T[] elements, VectorCall call)
        where T : unmanaged, INumber<T>
    {
        T[] values = Values(elements, call);
        if (values.Length == 0)
            return Null<double>.Value;
        if (T.IsNaN(values[^1]))
            return double.NaN;
        int middle = values.Length / 2;
        if (values.Length % 2 == 1)
            return double.CreateTruncating(values[middle]);

        // Added as in Java: small types as ints, others in their own type.
        return 0.5 * (typeof(T) == typeof(sbyte) || typeof(T) == typeof(short) || typeof(T) == typeof(char)
            ? int.CreateTruncating(values[middle - 1]) + int.CreateTruncating(values[middle])
            : double.CreateTruncating(unchecked(values[middle - 1] + values[middle])));
    }

    private static T Percentile<T>(double part, T[] elements, VectorCall call)
        where T : unmanaged, INumber<T>
    {
        if (elements.Length == 0)
            return Null<T>.Value;
        if (part is < 0 or > 1)
            throw new FormulaError($"a percentile must be from 0 to 1 (found: {part})");
        T[] values = Values(elements, call);
        if (values.Length == 0)
            return Null<T>.Value;
        return T.IsNaN(values[^1]) ? values[^1] : values[(int)Math.Floor((part * (values.Length - 1)) + 0.5)];
    }

    /// <summary>
    /// Returns the index of a value in a sorted vector, or the index at which it would be inserted. In raw mode, the latter is encoded as a
    /// negative number.
    /// </summary>
    private static int Search<T>(FormulaVector<T> vector, T key, BinarySearch algorithm, bool isRaw)
    {
        long low = 0, high = vector.Size - 1, found = -1;
        while (low <= high)
        {
            long middle = low + ((high - low) / 2);
            int order = Compare(vector.GetOrNull(middle), key);
            if (order < 0)
                low = middle + 1;
            else if (order > 0)
                high = middle - 1;
            else
            {
                found = middle;
                if (algorithm == BinarySearch.BS_ANY)
                    break;
                (low, high) = algorithm == BinarySearch.BS_LOWEST ? (low, middle - 1) : (middle + 1, high);
            }
        }

        return (int)(found >= 0 ? found : isRaw ? -low - 1 : low);
    }
}

/// <summary>Which of several equal elements a search returns.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Naming", "CA1707", Justification = "The names are those of Deephaven's library; formulas and columns contain them.")]
internal enum BinarySearch
{
    BS_ANY,
    BS_HIGHEST,
    BS_LOWEST,
}
