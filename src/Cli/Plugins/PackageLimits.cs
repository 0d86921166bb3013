using System.IO.Compression;
using Wharf.Cli.Output;

namespace Wharf.Cli.Plugins;

/// <summary>Bounds what a package may take: its file, its unpacked files in sum, their number, and its manifest, which is read into memory.</summary>
/// <param name="maxMebibytes">The most that the file, and in sum the unpacked files, may have, in MiB.</param>
internal sealed class PackageLimits(int maxMebibytes)
{
    public const int DefaultMebibytes = 512;
    private const int MaxFiles = 10_000;
    private const int MaxManifestBytes = 1 << 20;

    private long MaxBytes => (long)maxMebibytes << 20;

    /// <summary>Refuses a package by its table of contents. Reading an entry ends at the length that is declared there.</summary>
    /// <exception cref="CommandException">The package exceeds a limit.</exception>
    /// <exception cref="InvalidDataException">The file is not a package.</exception>
    public void Check(Stream package, string name)
    {
        if (package.Length > MaxBytes)
            throw TooLarge(name);
        using var archive = new ZipArchive(package, ZipArchiveMode.Read, leaveOpen: true);
        if (archive.Entries.Count > MaxFiles)
            throw new CommandException($"the package {name} has {archive.Entries.Count} files, and at most {MaxFiles} are installed");
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

    /// <summary>Bounds a download.</summary>
    public Stream Limit(Stream target, string name) => new LimitedStream(target, MaxBytes, () => TooLarge(name));

    private CommandException TooLarge(string name) => new($"the package {name} takes more than {maxMebibytes} MiB", advice: "--max-size allows more");

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
