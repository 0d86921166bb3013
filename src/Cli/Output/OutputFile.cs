namespace Wharf.Cli.Output;

/// <summary>
/// A file that is there as a whole or not at all. A file that exists keeps its content until the new one is complete. Devices, pipes and empty files are written in place: there is nothing to lose.
/// </summary>
internal sealed class OutputFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _written;
    private readonly bool _isInPlace;
    private bool _isComplete;

    private OutputFile(string path, string written, bool isInPlace, Stream stream) => (_path, _written, _isInPlace, Stream) = (path, written, isInPlace, stream);

    /// <summary>The stream to write to.</summary>
    public Stream Stream { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">The folder does not exist or cannot be written.</exception>
    public static OutputFile Open(string path)
    {
        // A link stays a link.
        var target = File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } linked ? linked.FullName : Path.GetFullPath(path);
        var existing = new FileInfo(target);
        if (existing.Exists && existing.Length == 0)
            return new(target, target, isInPlace: true, new FileStream(target, FileMode.Open, FileAccess.Write));
        var written = $"{target}.{Environment.ProcessId}.part";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (existing.Exists && !OperatingSystem.IsWindows())
            options.UnixCreateMode = existing.UnixFileMode;
        // A folder of this name is refused before anything is written.
        return Directory.Exists(target) ? throw new IOException($"'{path}' is a folder") : new(target, written, isInPlace: false, new FileStream(written, options));
    }

    /// <summary>Puts the file into its place.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await Stream.FlushAsync(cancellationToken);
        await Stream.DisposeAsync();
        if (!_isInPlace)
            File.Move(_written, _path, overwrite: true);
        _isComplete = true;
    }

    /// <summary>Removes what was written of a file that is not complete.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isComplete)
            return;
        try
        {
            await Stream.DisposeAsync();
        }
        catch (IOException)
        {
            // The rest of the buffer has no place either; the first error is the one that is reported.
        }

        if (!_isInPlace)
            File.Delete(_written);
        else if (new FileInfo(_path) is { Length: > 0 })
            await File.WriteAllBytesAsync(_path, [], CancellationToken.None);
    }
}
