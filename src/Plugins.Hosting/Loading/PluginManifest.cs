using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Wharf.Plugins.Hosting;

/// <summary>The plugin attribute of an assembly, read without loading the assembly: a plugin for another API version may fail to load.</summary>
internal sealed record PluginManifest(string File, string ApiVersion)
{
    /// <summary>Reads the manifest of an assembly. Returns null if it has no <see cref="PluginAttribute"/> or is no assembly.</summary>
    public static PluginManifest? TryRead(string file)
    {
        try
        {
            using FileStream stream = System.IO.File.OpenRead(file);
            using PEReader image = new(stream);
            if (!image.HasMetadata)
                return null;
            MetadataReader metadata = image.GetMetadataReader();
            foreach (CustomAttributeHandle handle in metadata.GetAssemblyDefinition().GetCustomAttributes())
            {
                CustomAttribute attribute = metadata.GetCustomAttribute(handle);
                if (IsPluginAttribute(metadata, attribute))
                    return new PluginManifest(file, ReadApiVersion(metadata, attribute));
            }

            return null;
        }
        catch (Exception notAnAssembly) when (notAnAssembly is BadImageFormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whether a file can be read as an assembly.</summary>
    public static bool IsAssembly(string file)
    {
        try
        {
            using FileStream stream = System.IO.File.OpenRead(file);
            using PEReader image = new(stream);
            return image.HasMetadata && image.GetMetadataReader().IsAssembly;
        }
        catch (Exception notAnAssembly) when (notAnAssembly is BadImageFormatException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsPluginAttribute(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference)
            return false;
        EntityHandle parent = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        if (parent.Kind != HandleKind.TypeReference)
            return false;
        TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)parent);
        return metadata.StringComparer.Equals(type.Name, nameof(PluginAttribute)) && metadata.StringComparer.Equals(type.Namespace, typeof(PluginAttribute).Namespace!);
    }

    /// <summary>Reads the second argument. Both arguments are strings in the blob: the type is stored as its name.</summary>
    private static string ReadApiVersion(MetadataReader metadata, CustomAttribute attribute)
    {
        BlobReader blob = metadata.GetBlobReader(attribute.Value);
        blob.ReadUInt16(); // the prolog
        blob.ReadSerializedString();
        return blob.ReadSerializedString() ?? "";
    }
}
