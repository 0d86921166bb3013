using System.IO.Compression;
using Wharf.Cli.Output;

namespace Wharf.Cli.Plugins;

/// <summary>The limits of a package: of its file, the sum and number of its unpacked files, and its manifest, which is read into memory.</summary>
/// <param name="maxMebibytes">The maximum size of the file, and of all unpacked files, in MiB.</param>
internal sealed class PackageLimits(int maxMebibytes)
{
    public const int DefaultMebibytes = 512;
    private const int MaxFiles = 10_000;
    private const int MaxManifestBytes = 1 << 20;

    private long MaxBytes => (long)maxMebibytes << 20;

    /// <summary>Checks the table of contents of a package. A read of an entry ends at the length in the table.</summary>
    /// <exception cref="CommandException">The package exceeds a limit.</exception>
    /// <exception cref="InvalidDataException">The file is not a package.</exception>
    public void Check(Stream package, string name)
    {
        if (package.Length > MaxBytes)
            throw TooLarge(name);
        using var archive = new ZipArchive(package, ZipArchiveMode.Read, leaveOpen: true);
        if (archive.Entries.Count > MaxFiles)
            throw new CommandException($"the package {name} has {archive.Entries.Count} files; the maximum is {MaxFiles}");
        long left = MaxBytes;
        foreach (var entry in archive.Entries)
        {
            if (entry.Length > left)
                throw TooLarge(name);
            left -= entry.Length;
            if (entry.FullName.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase) && entry.Length > MaxManifestBytes)
                throw new CommandException($"the manifest of the package {name} is larger than {MaxManifestBytes >> 20} MiB");
        }
    }

    /// <summary>Limits a download.</summary>
    public Stream Limit(Stream target, string name) => new LimitedStream(target, MaxBytes, () => TooLarge(name));

    private CommandException TooLarge(string name) => new($"the package {name} takes more than {maxMebibytes} MiB", advice: "--max-size sets a higher limit");

    private sealed class LimitedStream(Stream inner, long maxBytes, Func<Exception> excess) : ForwardStream
    {
        public override void Flush() => inner.Flush();

        protected override void WriteAll(ReadOnlySpan<byte> bytes)
        {
            if (Position + bytes.Length > maxBytes)
                throw excess();
            inner.Write(bytes);
        }
    }
}
