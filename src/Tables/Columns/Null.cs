namespace Wharf.Tables.Columns;

/// <summary>
/// The value that represents null inside the engine, and in the slot of an Arrow null: the minimum of a numeric type, the maximum of the
/// character type. It is never a valid value: columns store an Arrow null in its place.
/// </summary>
internal static class Null<T>
{
    public static readonly T Value = Of();

    private static T Of()
    {
        object? value = default(T) switch
        {
            sbyte => sbyte.MinValue,
            short => short.MinValue,
            char => char.MaxValue,
            int => int.MinValue,
            long => long.MinValue,
            float => float.MinValue,
            double => double.MinValue,
            _ => null,
        };
        return (T)value!;
    }
}
