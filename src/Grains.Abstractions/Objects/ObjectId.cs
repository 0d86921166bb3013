using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Orleans.Runtime;

namespace Wharf.Grains.Objects;

/// <summary>
/// The id of a live object: its silo, its epoch and a number, as <c>{silo}!{epoch}!{number}</c>. A live object exists only on the silo that created it, so its
/// grain is placed on the silo that the id names.
/// </summary>
/// <param name="Silo">The silo that created the object.</param>
/// <param name="Epoch">The epoch of the object: an object that replaces a lost one has a greater epoch.</param>
/// <param name="Number">The number of the object on its silo.</param>
public readonly record struct ObjectId(SiloAddress Silo, long Epoch, long Number)
{
    /// <summary>Reads an id.</summary>
    /// <param name="text">The id's text.</param>
    /// <param name="id">The id.</param>
    /// <returns>False if the text is not an id.</returns>
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
