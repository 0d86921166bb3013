using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Wharf.Architecture.Tests;

/// <summary>A project: what it says that it references, and what its assembly does reference.</summary>
internal sealed record Room(string Name, string AssemblyName, DirectoryInfo Folder, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    public static Room Read(FileInfo project)
    {
        var name = Path.GetFileNameWithoutExtension(project.Name);
        var xml = XDocument.Load(project.FullName);
        return new Room(
            name,
            xml.Descendants("AssemblyName").Select(element => element.Value).FirstOrDefault() ?? (project.Directory!.Parent!.Name == "plugins" ? name : "Wharf." + name),
            project.Directory!,
            [.. Includes(xml, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))],
            [.. Includes(xml, "PackageReference"), .. Includes(xml, "FrameworkReference")]);
    }

    /// <summary>The names of the assemblies that the built assembly uses; what is referenced but never used does not show.</summary>
    public IReadOnlyList<string> ReferencedAssemblies()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, AssemblyName + ".dll"));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static IEnumerable<string> Includes(XDocument xml, string element) =>
        xml.Descendants(element).Select(reference => (string?)reference.Attribute("Include")).OfType<string>();
}
