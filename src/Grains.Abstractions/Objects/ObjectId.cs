using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Orleans.Runtime;

namespace Wharf.Grains.Objects;

/// <summary>
/// The id of a live object: the silo that made it, its epoch and a number, as <c>{silo}!{epoch}!{number}</c>. A live object cannot be activated anywhere else, so its
/// grain is placed where its id says.
/// </summary>
/// <param name="Silo">The silo that made it.</param>
/// <param name="Epoch">The life of the object: later lives of the same name have greater epochs.</param>
/// <param name="Number">Which of the silo's objects it is.</param>
public readonly record struct ObjectId(SiloAddress Silo, long Epoch, long Number)
{
    /// <summary>Reads an id.</summary>
    /// <param name="text">The id's text.</param>
    /// <param name="id">The id.</param>
    /// <returns>False when the text is no id.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out ObjectId id)
    {
        id = default;
        var parts = text.Split('!');
        if (parts.Length != 3
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        try
        {
            id = new ObjectId(SiloAddress.FromParsableString(parts[0]), epoch, number);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Silo.ToParsableString()}!{Epoch}!{Number}");
}
