using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Konscious.Security.Cryptography;

namespace Wharf.Gateway.Authentication;

/// <summary>A salted, slow hash of a password: Argon2id, written as <c>$argon2id$v=19$m=19456,t=2,p=1$salt$hash</c>.</summary>
internal sealed record PasswordHash(int MemoryKibibytes, int Iterations, int Lanes, byte[] Salt, byte[] Hash)
{
    private const string Prefix = "$argon2id$v=19$";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const int MaxMemoryKibibytes = 1024 * 1024;

    /// <summary>Hashes a password with a new salt.</summary>
    public static PasswordHash Of(string password)
    {
        var unhashed = new PasswordHash(19_456, 2, 1, RandomNumberGenerator.GetBytes(SaltBytes), new byte[HashBytes]);
        return unhashed with { Hash = unhashed.Compute(Encoding.UTF8.GetBytes(password)) };
    }

    /// <summary>Returns a random hash with the same costs. The password of an unknown user is verified against it, which takes the same time.</summary>
    public PasswordHash WithRandomHash() => this with { Salt = RandomNumberGenerator.GetBytes(Salt.Length), Hash = RandomNumberGenerator.GetBytes(Hash.Length) };

    /// <summary>Parses the text form.</summary>
    public static PasswordHash Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length..].Split('$') is not [var costs, var salt, var hash])
            throw new FormatException($"a password hash begins with {Prefix} and has costs, salt and hash after it");
        if (costs.Split(',') is not [var memory, var iterations, var lanes])
            throw new FormatException("the costs of a password hash are m=..,t=..,p=..");
        return new PasswordHash(
            Cost(memory, "m=", 8, MaxMemoryKibibytes), Cost(iterations, "t=", 1, 1000), Cost(lanes, "p=", 1, 64), Bytes(salt, 8), Bytes(hash, 16));
    }

    /// <summary>Returns whether this is the hash of the password. Slow on purpose.</summary>
    public bool Matches(byte[] password) => CryptographicOperations.FixedTimeEquals(Compute(password), Hash);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Prefix}m={MemoryKibibytes},t={Iterations},p={Lanes}${Text(Salt)}${Text(Hash)}");

    private static int Cost(string text, string name, int least, int most) =>
        text.StartsWith(name, StringComparison.Ordinal) && int.TryParse(text.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int cost)
            && cost >= least && cost <= most
            ? cost
            : throw new FormatException($"{name} in a password hash is a number from {least} to {most}");

    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[] Bytes(string text, int least)
    {
        var bytes = Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
        return bytes.Length >= least ? bytes : throw new FormatException($"salt or hash of a password has fewer than {least} bytes");
    }

    private byte[] Compute(byte[] password)
    {
        using var argon = new Argon2id(password.Length == 0 ? [0] : password)
        {
            Salt = Salt,
            MemorySize = MemoryKibibytes,
            Iterations = Iterations,
            DegreeOfParallelism = Lanes,
        };
        return argon.GetBytes(Hash.Length);
    }
}
